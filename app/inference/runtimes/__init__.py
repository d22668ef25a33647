"""The engines that run a model, each three methods: load, run, close."""
