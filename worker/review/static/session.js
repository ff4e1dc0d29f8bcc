// Heartbeat and warning: see below.
