"""What the operator decides: frozen models of the YAML files, and their loading."""
