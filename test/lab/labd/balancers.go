package main

import (
	"fmt"
	"net/http"
)

type service struct {
	Metadata meta
	Spec     struct {
		Type  string
		Class *string `json:"loadBalancerClass"`
		IP    string  `json:"loadBalancerIP"`
	}
	Status struct {
		LoadBalancer struct {
			Ingress []struct {
				IP string `json:"ip"`
			}
		}
	}
}

// balance gives every LoadBalancer Service an address of its own.
func (c *Controller) balance() error {
	services, err := get[service](&c.API, "/api/v1/services")
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, s := range services {
		for _, i := range s.Status.LoadBalancer.Ingress {
			taken[i.IP] = true
		}
	}
	for _, s := range services {
		if s.Spec.Type != "LoadBalancer" || s.Spec.Class != nil || len(s.Status.LoadBalancer.Ingress) > 0 {
			continue
		}
		ip := s.Spec.IP
		for n := 1; ip == "" && n < 255; n++ {
			if candidate := fmt.Sprintf("%s.%d", c.Balancers, n); !taken[candidate] {
				ip = candidate
			}
		}
		taken[ip] = true
		path := "/api/v1/namespaces/" + s.Metadata.Namespace + "/services/" + s.Metadata.Name + "/status"
		status := map[string]any{"loadBalancer": map[string]any{"ingress": []any{map[string]any{"ip": ip, "ipMode": "VIP"}}}}
		if err := c.API.do(http.MethodPatch, path, map[string]any{"status": status}, nil); err != nil {
			return err
		}
	}
	return nil
}
