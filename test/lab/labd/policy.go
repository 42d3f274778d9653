package main

import "slices"

type selector struct {
	MatchLabels      map[string]string
	MatchExpressions []struct {
		Key, Operator string
		Values        []string
	}
}

func (s *selector) matches(labels map[string]string) bool {
	for k, v := range s.MatchLabels {
		if labels[k] != v {
			return false
		}
	}
	for _, e := range s.MatchExpressions {
		v, there := labels[e.Key]
		in := there && slices.Contains(e.Values, v)
		if (e.Operator == "In" && !in) || (e.Operator == "NotIn" && in) ||
			(e.Operator == "Exists" && !there) || (e.Operator == "DoesNotExist" && there) {
			return false
		}
	}
	return true
}

type pod struct {
	Metadata meta
	Spec     struct {
		HostNetwork bool
		Containers  []struct {
			Ports []struct {
				Name          string
				ContainerPort int
			}
		}
	}
	Status struct {
		PodIP string `json:"podIP"`
		Phase string
	}
}

func (p pod) port(name string) int {
	for _, c := range p.Spec.Containers {
		for _, port := range c.Ports {
			if port.Name == name {
				return port.ContainerPort
			}
		}
	}
	return 0
}

type peer struct {
	PodSelector       *selector
	NamespaceSelector *selector
	IPBlock           *struct {
		CIDR   string   `json:"cidr"`
		Except []string `json:"except"`
	} `json:"ipBlock"`
}

type policyPort struct {
	Protocol string
	Port     any
	EndPort  int
}

type policyRule struct {
	From, To []peer
	Ports    []policyPort
}

type policy struct {
	Metadata meta
	Spec     struct {
		PodSelector     selector
		PolicyTypes     []string
		Ingress, Egress []policyRule
	}
}

type namespace struct{ Metadata meta }

func (f *firewall) selects(peer peer, home string, other pod) bool {
	if peer.NamespaceSelector == nil {
		if other.Metadata.Namespace != home {
			return false
		}
	} else if !peer.NamespaceSelector.matches(f.namespaces[other.Metadata.Namespace]) {
		return false
	}
	return peer.PodSelector == nil || peer.PodSelector.matches(other.Metadata.Labels)
}
