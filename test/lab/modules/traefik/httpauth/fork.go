package auth

import "net/http"

// CheckSecret and RequireAuthStale are additions of Traefik's fork, which the module proxy does not have.
func CheckSecret(string, string) bool { return false }

func (da *DigestAuth) RequireAuthStale(w http.ResponseWriter, r *http.Request) { da.RequireAuth(w, r) }
