echo "The team's U.S. pipeline: a pipeline of gas, zyx." | tenor tokens -m news.tenor
