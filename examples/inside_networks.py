"""Inside the networks: tickets, symmetry, and how much of the error the seeds share."""

import ltens
from ltens import tickets

task = ltens.Task.from_function("square")
training = ltens.Training(steps=5_000)
nets = {
    n: ltens.train(ltens.Networks.init(n, 30, activation="silu"), task, training).networks
    for n in (10, 20)
}

wide = nets[20]
print("mirror symmetry:", tickets.symmetry(wide).score)
print("tickets in a network, R² ≥ 0.99, 0.999, 0.9999:", tickets.find_tickets(wide, task).count)
split = tickets.bias_variance(wide, task)
print(f"shared by all seeds: {split.share:.0%} of the loss")
print("two of N = 10 averaged / one of N = 20:", tickets.ensembling(nets, task)[10, 20].synergy)
