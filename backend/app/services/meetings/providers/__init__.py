"""One module for each service whose calls we understand."""
