tenor --version && tenor classify --version && tenor-train --version
