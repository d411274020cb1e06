"""One picture a module: each makes a `Chart` of results and draws it on a canvas."""
