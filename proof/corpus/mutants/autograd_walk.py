"""Mistakes in module 05, autograd: the walk of backward(), and what it leaves."""

from __future__ import annotations

from proof.mutant import Mutant

ARRIVES = "arrived[parent] = arrived[parent] + part if parent in arrived else part"
STORES = """    before = np.zeros_like(leaf.data) if leaf.grad is None else as_array(leaf.grad)
    leaf.grad = np.asarray(before + cotangent, dtype=Tensor.precision)
"""
LAST = "leaf.grad = np.asarray(before + cotangent, dtype=Tensor.precision)\n\n\n"
READY = """            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)
"""
WALK = """        node = ready.pop()
        cotangent = arrived.pop(node)
        if node.requires_grad and not node.edges:
            _accumulate(node, cotangent)
        for parent, product in node.edges:
            part = _sum_to_shape(as_array(product(cotangent)), parent.shape)
            arrived[parent] = arrived[parent] + part if parent in arrived else part
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)
"""

MUTANTS = (
    # Where backward() starts
    Mutant(
        "adds_into_shared_arrays",
        "adds a contribution into an array that another branch still holds",
        "autograd",
        "            arrived[parent] = arrived[parent] + part if parent in arrived else part\n",
        "            if parent in arrived:\n"
        "                arrived[parent] += part\n"
        "            else:\n"
        "                arrived[parent] = part\n",
    ),
    Mutant(
        "backward_starts_from_loss",
        "starts from the loss itself instead of 1",
        "autograd",
        "return np.ones_like(root.data)",
        "return root.data",
        message="times the result of the forward",
    ),
    Mutant(
        "backward_needs_gradient_for_scalar",
        "demands a gradient even for a scalar",
        "autograd",
        "        if root.size != 1:\n",
        "        if root.size >= 1:\n",
    ),
    Mutant(
        "backward_of_any_shape_starts_from_ones",
        "starts from ones where the tensor is no scalar",
        "autograd",
        "        if root.size != 1:\n",
        "        if root.size == 0:\n",
    ),
    Mutant(
        "backward_refuses_by_assert",
        "refuses a tensor that is no scalar with an assert",
        "autograd",
        "        if root.size != 1:\n"
        '            raise ValueError(f"backward() of shape {root.shape} needs a gradient: '
        'not a scalar")\n',
        '        assert root.size == 1, "not a scalar"\n',
    ),
    # How contributions meet
    Mutant(
        "contribution_replaces_earlier_ones",
        "writes = for += where a tensor was used several times",
        "autograd",
        ARRIVES,
        "arrived[parent] = part",
        message="it lacks v * (3 * x + 1)",
    ),
    Mutant(
        "contribution_added_in_place",
        "adds a contribution into an array that another tensor holds, too",
        "autograd",
        ARRIVES,
        "if parent in arrived:\n"
        "                arrived[parent] += part\n"
        "            else:\n"
        "                arrived[parent] = part",
    ),
    # In which order tensors are visited
    Mutant(
        "walks_depth_first_once",
        "passes on what has arrived at the first visit and comes back no more",
        "autograd",
        READY,
        "            if waiting.pop(parent, 0):\n                ready.append(parent)\n",
        message="it lacks v * 4 * x",
    ),
    Mutant(
        "walks_breadth_first_once",
        "visits tensors in the order of their distance, ahead of contributions on longer paths",
        "autograd",
        WALK,
        WALK.replace("ready.pop()", "ready.pop(0)").replace(
            READY, "            if waiting.pop(parent, 0):\n                ready.append(parent)\n"
        ),
        message="it lacks v * 2 * x",
    ),
    Mutant(
        "walks_every_path",
        "follows every path on its own: 2 to the power of 40 of them",
        "autograd",
        "    ready = [self]\n    while ready:\n" + WALK,
        "    ready = [(self, arrived[self])]\n"
        "    while ready:\n"
        "        node, cotangent = ready.pop()\n"
        "        if node.requires_grad and not node.edges:\n"
        "            _accumulate(node, cotangent)\n"
        "        for parent, product in node.edges:\n"
        "            part = _sum_to_shape(as_array(product(cotangent)), parent.shape)\n"
        "            ready.append((parent, part))\n",
    ),
    Mutant(
        "explores_by_recursion",
        "looks for the order with a function that calls itself",
        "autograd",
        "    unexplored = [root]\n"
        "    while unexplored:\n"
        "        for parent, _ in unexplored.pop().edges:\n"
        "            if parent not in consumers:\n"
        "                consumers[parent] = 0\n"
        "                unexplored.append(parent)\n"
        "            consumers[parent] += 1\n",
        "\n"
        "    def explore(node):\n"
        "        for parent, _ in node.edges:\n"
        "            consumers[parent] = consumers.get(parent, 0) + 1\n"
        "            if consumers[parent] == 1:\n"
        "                explore(parent)\n\n"
        "    explore(root)\n",
    ),
    # What is left for the next call
    Mutant(
        "backward_replaces_gradient",
        "assigns grad anew in every call of backward()",
        "autograd",
        STORES,
        "    leaf.grad = np.array(cotangent, dtype=Tensor.precision)\n",
        message="it lacks v * 6 * x",
    ),
    Mutant(
        "backward_frees_graph",
        "drops what was recorded after the first backward()",
        "autograd",
        "            if waiting[parent] == 0:\n                ready.append(parent)\n",
        "            if waiting[parent] == 0:\n"
        "                ready.append(parent)\n"
        "        node.edges = ()\n",
        message="it lacks v * 6 * x",
    ),
    Mutant(
        "backward_keeps_what_arrived_between",
        "adds to the gradients of tensors in between and passes them on again in the next call",
        "autograd",
        "        cotangent = arrived.pop(node)\n",
        "        cotangent = arrived.pop(node)\n"
        "        if node.edges and node is not self:\n"
        "            cotangent = node.grad = cotangent if node.grad is None else "
        "node.grad + cotangent\n",
        message="v * 3 * x is too much",
    ),
    Mutant(
        "backward_remembers_visits",
        "keeps the visited tensors in a default argument, so that a later call skips them",
        "autograd",
        "def _count_consumers(root: Tensor) -> dict[Tensor, int]:\n"
        '    """Count how often each tensor is used on the way to the root."""\n'
        "    consumers = {root: 0}\n",
        "def _count_consumers(root, consumers={}):\n"
        '    """Count how often each tensor is used on the way to the root."""\n'
        "    consumers[root] = 0\n",
        message="it lacks v * 3 * x",
    ),
    Mutant(
        "backward_waits_for_other_results",
        "counts the uses of a tensor as they are recorded, and waits for results not asked for",
        "autograd",
        LAST,
        f"""{LAST}_recorded, _counted = Tensor.from_op, _count_consumers


def _from_op(y, *edges):
    for operand, _ in edges:
        operand.uses = getattr(operand, "uses", 0) + 1
    return _recorded(y, *edges)


def _count_consumers(root):
    return {{t: getattr(t, "uses", 0) for t in _counted(root)}}


Tensor.from_op = staticmethod(_from_op)
""",
    ),
    Mutant(
        "zero_gradient_not_stored",
        "stores a gradient only where it is not zero",
        "autograd",
        "        if node.requires_grad and not node.edges:\n",
        "        if node.requires_grad and not node.edges and cotangent.any():\n",
    ),
    Mutant(
        "zero_grad_does_nothing",
        "resets a local name instead of the tensor's grad",
        "autograd",
        "    self.grad = None",
        "    grad = self.grad\n    grad = None",
        message="is the same as grad of x",
    ),
    # What belongs to whom
    Mutant(
        "gradient_stored_without_copy",
        "stores the array that arrives, which another tensor may hold, too",
        "autograd",
        STORES,
        "    leaf.grad = cotangent if leaf.grad is None else leaf.grad + cotangent\n",
        message="is the same as grad of a",
    ),
    Mutant(
        "gradient_negated_in_place",
        "negates the gradient of b in place, and with it that of a and v",
        "tensor",
        "(other, lambda g: -g))\n\n    def __mul__",
        "(other, lambda g: np.negative(g, out=g)))\n\n    def __mul__",
        message="has the wrong sign",
    ),
    Mutant(
        "gradient_weighted_in_place",
        "multiplies the gradient by softmax's weights in place, and with it v",
        "activations",
        "return Tensor.from_op(y, (x, lambda g: y * (g - (g * y).sum(axis=dim, keepdims=True))))",
        "def weigh(g):\n"
        "            g *= y\n"
        "            return g - y * g.sum(axis=dim, keepdims=True)\n\n"
        "        return Tensor.from_op(y, (x, weigh))",
    ),
    Mutant(
        "step_taken_in_backward",
        "moves the data of a leaf as soon as its gradient is known",
        "autograd",
        STORES,
        STORES + "    leaf.data = leaf.data - 0.01 * leaf.grad\n",
    ),
)
