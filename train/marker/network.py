"""The marker as one torch module: adapted encoder, linear head, and the loss.

The loss is binary cross-entropy plus a pairwise ranking loss (Burges et al. 2005) within a
question. Questions differ in how many answers are right by more than their texts tell; a bias of
its own for each training question (a random intercept, as in mixed models) takes that up, so that
the encoder need not learn questions by heart. It is dropped when marking, and so is this head: the
one that marks is fitted to the features of questions that the encoder has not seen.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import torch
from peft import PeftModel
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from runtime.judge.features import ALIGNMENT, Floats
from runtime.marking.writing.overlap import Overlap
from train.marker.alignment import Reader, align
from train.marker.questions import Asked
from train.right_wrong import Weights

FEATURES = len(Overlap.__struct_fields__) + len(ALIGNMENT)

INTERCEPT_SPREAD = 1.0
"""Standard deviation of a question's intercept beforehand: shares from 0.1 to 0.9 are common."""


class MarkerNetwork(nn.Module):
    """Marks the answers to one question at a time.

    Its state is what is trained and what that stands on but the base, so checkpoints stay small.
    """

    center: Tensor
    spread: Tensor

    def __init__(
        self,
        encoder: PeftModel,
        reader: Reader,
        questions: int,
        rank: float,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(FEATURES, 1)
        self.intercepts = nn.Parameter(torch.zeros(questions))
        self.register_buffer("center", torch.zeros(FEATURES))
        self.register_buffer("spread", torch.ones(FEATURES))
        self._reader, self._rank = reader, rank
        self.register_state_dict_post_hook(_keep_own)  # type: ignore[no-untyped-call]
        self.register_load_state_dict_post_hook(_miss_own_only)  # type: ignore[no-untyped-call]

    def start_from(self, weights: Weights) -> None:
        """Take over a linear head that was fitted to the features as they are now."""
        with torch.no_grad():
            self.center.copy_(torch.from_numpy(weights.center))
            self.spread.copy_(torch.from_numpy(weights.spread))
            self.head.weight.copy_(torch.from_numpy(weights.weights)[None])
            self.head.bias.fill_(weights.bias)

    def features(self, asked: Asked) -> Floats:
        """Return the features of the answers, without a gradient, shape ``(n, 27)``."""
        with torch.no_grad():
            found: Floats = self._aligned(asked).double().cpu().numpy()
        return found

    def logits(self, asked: Asked) -> Tensor:
        """Return the logit of being right of each answer, ``(n,)``."""
        standard = (self._aligned(asked) - self.center) / self.spread
        logits: Tensor = self.head(standard)[:, 0]
        return logits

    def forward(self, asked: list[Asked]) -> dict[str, Tensor]:
        """Return the mean loss over questions."""
        losses = [self._loss(one) for one in asked]
        return {"loss": torch.stack(losses).mean()}

    def _aligned(self, asked: Asked) -> Tensor:
        question, reference, answers = (
            self._reader.read(texts)
            for texts in ([asked.question], [asked.reference], asked.answers)
        )
        found = align(question, reference, answers)
        return torch.cat([torch.from_numpy(asked.overlap).to(found), found], dim=-1)

    def _loss(self, asked: Asked) -> Tensor:
        logits = self.logits(asked)
        right = torch.from_numpy(asked.right).to(logits)
        intercept = self.intercepts[asked.row]
        loss = binary_cross_entropy_with_logits(logits + intercept, right)
        # Per answer, as the cross-entropy is a mean over answers.
        loss = loss + 0.5 * (intercept / INTERCEPT_SPREAD) ** 2 / len(right)
        better, worse = logits[right == 1], logits[right == 0]
        if len(better) and len(worse):
            loss = loss + self._rank * softplus(worse[None] - better[:, None]).mean()
        return loss

    def own(self) -> set[str]:
        """Return the names of what is in its state."""
        trained = {name for name, one in self.named_parameters() if one.requires_grad}
        return trained | {"center", "spread"}


class _Keys(NamedTuple):
    """What torch hands to a hook after loading."""

    missing_keys: list[str]
    unexpected_keys: list[str]


def _keep_own(network: MarkerNetwork, state: dict[str, Tensor], prefix: str, _: object) -> None:
    own = {prefix + name for name in network.own()}
    for name in [name for name in state if name.startswith(prefix) and name not in own]:
        del state[name]


def _miss_own_only(network: MarkerNetwork, keys: _Keys) -> None:
    # The base is there already; what torch calls missing, the trainer takes for a fault.
    keys.missing_keys[:] = [name for name in keys.missing_keys if name in network.own()]


def parameter_groups(network: MarkerNetwork, rate: float, decay: float) -> Iterable[dict[str, Any]]:
    """Return AdamW's groups: the head learns faster than the adapter below it."""
    adapter = [one for one in network.encoder.parameters() if one.requires_grad]
    return [
        {"params": adapter, "lr": rate, "weight_decay": decay},
        # What starts at nothing has further to go than what starts as a good encoder.
        {"params": [*network.head.parameters()], "lr": 3 * rate, "weight_decay": decay},
        # One number a question, seen once an epoch: it must arrive in a few steps.
        {"params": [network.intercepts], "lr": 50 * rate, "weight_decay": 0.0},
    ]
