"""The web server of the practice Canvas: connections, requests, answers, and what can go wrong between them."""
