"""How close the dense kernel comes to what the ports of the core allow.

One run measures the ports (`ports`), counts the instructions of the kernel's loops in the object
file that the compiler made (`operations`), times trainings (`timing`, `cases`), and sets the one
beside the other (`table`).
"""
