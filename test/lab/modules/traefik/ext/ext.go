// Package ext stands in for a module that is not published: additions of Traefik's, of no use here.
package ext

type HTTP struct{}

type Router struct{}
