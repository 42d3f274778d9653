package main

import (
	"fmt"
	"hash/fnv"
	"log"
	"os/exec"
	"slices"
	"sort"
	"strings"
)

const (
	allowMark = "0x1000000/0x1000000"
	clearMark = "0x0/0x1000000"
)

// firewall collects iptables rules. The two directions of a packet are checked one after the other:
// the chain of an isolated pod marks what a policy allows, and what has no mark is rejected.
type firewall struct {
	pods       []pod
	namespaces map[string]map[string]string
	chains     []string
	main       []string
	rules      []string
}

// enforce translates the network policies into firewall rules for traffic between pods.
func (c *Controller) enforce() error {
	policies, err := get[policy](&c.API, "/apis/networking.k8s.io/v1/networkpolicies")
	if err != nil {
		return err
	}
	if len(policies) == 0 && c.rules == "" {
		return nil
	}
	f := firewall{namespaces: map[string]map[string]string{}}
	if f.pods, err = get[pod](&c.API, "/api/v1/pods"); err != nil {
		return err
	}
	f.pods = slices.DeleteFunc(f.pods, func(p pod) bool {
		return p.Spec.HostNetwork || p.Status.PodIP == "" || p.Status.Phase == "Succeeded" || p.Status.Phase == "Failed"
	})
	sort.Slice(f.pods, func(i, j int) bool { return f.pods[i].Metadata.UID < f.pods[j].Metadata.UID })
	namespaces, err := get[namespace](&c.API, "/api/v1/namespaces")
	if err != nil {
		return err
	}
	for _, n := range namespaces {
		f.namespaces[n.Metadata.Name] = n.Metadata.Labels
	}
	for _, direction := range []string{"Egress", "Ingress"} {
		for _, p := range f.pods {
			f.isolate(p, direction, policies)
		}
	}
	return c.restore(f)
}

// isolate adds the chain of one pod and direction, if any policy selects the pod.
func (f *firewall) isolate(p pod, direction string, policies []policy) {
	chain := "LAB-" + direction[:1] + "-" + short(p.Metadata.UID)
	isolated := false
	for _, policy := range policies {
		if policy.Metadata.Namespace != p.Metadata.Namespace || !policy.Spec.PodSelector.matches(p.Metadata.Labels) ||
			!slices.Contains(policy.Spec.PolicyTypes, direction) {
			continue
		}
		isolated = true
		rules := policy.Spec.Ingress
		if direction == "Egress" {
			rules = policy.Spec.Egress
		}
		for _, rule := range rules {
			f.allow(chain, p, direction, rule)
		}
	}
	if !isolated {
		return
	}
	flag := map[string]string{"Egress": "-s", "Ingress": "-d"}[direction]
	f.chains = append(f.chains, chain)
	f.main = append(f.main,
		"-A LAB-POLICY "+flag+" "+p.Status.PodIP+" -j MARK --set-xmark "+clearMark,
		"-A LAB-POLICY "+flag+" "+p.Status.PodIP+" -j "+chain,
		"-A LAB-POLICY "+flag+" "+p.Status.PodIP+" -m mark ! --mark "+allowMark+" -j REJECT --reject-with icmp-admin-prohibited")
}

func (f *firewall) allow(chain string, p pod, direction string, rule policyRule) {
	flag, peers := "-s", rule.From
	if direction == "Egress" {
		flag, peers = "-d", rule.To
	}
	if len(peers) == 0 {
		f.mark(chain, "", rule.Ports, p)
		return
	}
	for _, peer := range peers {
		if peer.IPBlock != nil {
			block := fmt.Sprintf("LAB-B-%s-%d", chain[len("LAB-"):], len(f.chains))
			f.chains = append(f.chains, block)
			f.rules = append(f.rules, "-A "+chain+" "+flag+" "+peer.IPBlock.CIDR+" -j "+block)
			for _, except := range peer.IPBlock.Except {
				f.rules = append(f.rules, "-A "+block+" "+flag+" "+except+" -j RETURN")
			}
			f.mark(block, "", rule.Ports, p)
			continue
		}
		for _, other := range f.pods {
			if !f.selects(peer, p.Metadata.Namespace, other) {
				continue
			}
			target := p
			if direction == "Egress" {
				target = other
			}
			f.mark(chain, flag+" "+other.Status.PodIP+" ", rule.Ports, target)
		}
	}
}

// mark allows a match for all ports or for the given ones. Named ports are those of the target.
func (f *firewall) mark(chain, match string, ports []policyPort, target pod) {
	set := "-j MARK --set-xmark " + allowMark
	if len(ports) == 0 {
		f.rules = append(f.rules, "-A "+chain+" "+match+set)
		return
	}
	for _, port := range ports {
		protocol := "-p " + strings.ToLower(port.Protocol) + " "
		var number string
		switch v := port.Port.(type) {
		case float64:
			number = fmt.Sprintf("--dport %d", int(v))
			if port.EndPort > 0 {
				number += fmt.Sprintf(":%d", port.EndPort)
			}
		case string:
			n := target.port(v)
			if n == 0 {
				continue
			}
			number = fmt.Sprintf("--dport %d", n)
		}
		f.rules = append(f.rules, strings.Join(strings.Fields("-A "+chain+" "+match+protocol+number+" "+set), " "))
	}
}

// restore loads the rules if they differ from those loaded last.
func (c *Controller) restore(f firewall) error {
	var b strings.Builder
	b.WriteString("*filter\n:LAB-POLICY - [0:0]\n")
	for _, chain := range f.chains {
		b.WriteString(":" + chain + " - [0:0]\n")
	}
	b.WriteString("-A LAB-POLICY -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN\n")
	for _, rule := range append(f.rules, f.main...) {
		b.WriteString(rule + "\n")
	}
	text := b.String()
	if text == c.rules {
		return nil
	}
	var flush, remove strings.Builder
	for line := range strings.Lines(c.rules) {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, ":"), " ")
		if strings.HasPrefix(line, ":") && !strings.Contains(text, line) {
			flush.WriteString(":" + name + " - [0:0]\n")
			remove.WriteString("-X " + name + "\n")
		}
	}
	load := exec.Command("iptables-restore", "--noflush", "--wait", "5")
	load.Stdin = strings.NewReader(text + flush.String() + remove.String() + "COMMIT\n")
	if out, err := load.CombinedOutput(); err != nil {
		return fmt.Errorf("iptables-restore: %w: %s", err, out)
	}
	if exec.Command("iptables", "-w", "5", "-C", "FORWARD", "-j", "LAB-POLICY").Run() != nil {
		if out, err := exec.Command("iptables", "-w", "5", "-I", "FORWARD", "1", "-j", "LAB-POLICY").CombinedOutput(); err != nil {
			return fmt.Errorf("iptables: %w: %s", err, out)
		}
	}
	log.Printf("network policies: %d rules for %d chains", len(f.rules), len(f.chains))
	c.rules = text
	return nil
}

// short makes a name that fits into the 28 characters of a chain's name.
func short(s string) string {
	h := fnv.New32a()
	h.Write([]byte(s))
	return fmt.Sprintf("%08x", h.Sum32())
}
