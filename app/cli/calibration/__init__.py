"""What `horngate calibrate` does around the measurement: finds the version, shows the result, writes the plan."""
