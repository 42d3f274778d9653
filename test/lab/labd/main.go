// labd does for the lab what Kubernetes leaves to others: it stores images and
// serves them as a registry, makes volumes for claims, gives addresses to
// LoadBalancer Services and enforces network policies.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
)

const usage = `usage: labd <command> [flags] [arguments]
  pack   make an image from layer tarballs and a config, and store it under a name
  load   store the images of an archive written by "docker save", under their references
  serve  answer registry requests; with -api also run the cluster's controllers`

func main() {
	log.SetFlags(log.Ltime)
	if len(os.Args) < 2 {
		fail(usage)
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	store := Store{}
	flags.StringVar(&store.Dir, "store", "", "directory of the image store")
	var err error
	switch os.Args[1] {
	case "pack":
		name := flags.String("name", "", "name of the image in the store")
		config := flags.String("config", "{}", "the image's config section as JSON")
		_ = flags.Parse(os.Args[2:])
		err = store.Pack(*name, *config, flags.Args())
	case "load":
		_ = flags.Parse(os.Args[2:])
		err = store.Load(flags.Arg(0))
	case "serve":
		refs := flags.String("refs", "", "file that maps references to images of the store")
		address := flags.String("address", "127.0.0.1:5000", "address of the registry")
		var c Controller
		flags.StringVar(&c.API.URL, "api", "", "URL of the API server")
		flags.StringVar(&c.API.TokenFile, "token", "", "file with the bearer token")
		flags.StringVar(&c.API.CAFile, "ca", "", "file with the API server's CA certificate")
		flags.StringVar(&c.Volumes, "volumes", "", "directory for volumes")
		flags.StringVar(&c.Node, "node", "lab", "name of the node")
		flags.StringVar(&c.Balancers, "balancers", "10.245.0", "first three octets of load balancer addresses")
		_ = flags.Parse(os.Args[2:])
		if c.API.URL != "" {
			go c.Run()
		}
		err = Registry{Store: store, Refs: *refs}.Serve(*address)
	default:
		fail(usage)
	}
	if err != nil {
		fail("labd: " + err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
