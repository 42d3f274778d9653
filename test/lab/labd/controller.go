package main

import (
	"log"
	"time"
)

const period = 300 * time.Millisecond

// Controller keeps volumes, load balancer addresses and firewall rules up to date.
type Controller struct {
	API                      API
	Volumes, Node, Balancers string
	refused                  map[string]bool
	rules                    string
}

// Run polls the API server forever. A cluster of this size does not need watches.
func (c *Controller) Run() {
	c.refused = map[string]bool{}
	if err := c.API.connect(); err != nil {
		log.Fatal(err)
	}
	said := map[string]bool{}
	for ; ; time.Sleep(period) {
		for _, step := range []func() error{c.provision, c.reclaim, c.balance, c.enforce} {
			if err := step(); err != nil && !said[err.Error()] {
				said[err.Error()] = true
				log.Print(err)
			}
		}
	}
}
