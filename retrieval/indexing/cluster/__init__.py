"""Ray: work spread over the machines of a cluster."""
