package mux

type routingPathKey struct{}

// RoutingPathKey and UseRoutingPath are additions of Traefik's fork.
var RoutingPathKey routingPathKey

func (r *Router) UseRoutingPath() *Router { return r }
