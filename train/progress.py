"""What happens at each step of a trainer: the log, the line on the screen, checkpoints made whole.

    with Screen(stage.name, quiet=False) as screen:
        trainer = SFTTrainer(..., callbacks=[Journal(run, stage.name), Checkpoints(...), screen])
        trainer.train()

Only the first of several processes writes and prints.
"""

import time
from pathlib import Path
from types import TracebackType
from typing import Self

from accelerate import PartialState
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from train.run_folder import RunFolder, StageFolder

LINES = 10
"""How often a run says where it is when nobody watches a terminal."""


class Clock:
    """Seconds of training so far, and how many are left at the pace of the steps done."""

    def __init__(self) -> None:
        self._started, self._first = time.monotonic(), 0

    def start(self, step: int) -> None:
        """Begin to count at ``step``: a resumed run has done the ones before elsewhere."""
        self._started, self._first = time.monotonic(), step

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def left(self, step: int, steps: int) -> float:
        """Return the seconds from ``step`` to the last of ``steps``."""
        return self.seconds / max(1, step - self._first) * (steps - step)


class Journal(TrainerCallback):  # type: ignore[misc]  # transformers ships no types
    """Writes a line of log.jsonl a step; ``losses`` has those of this process too."""

    def __init__(self, run: RunFolder, stage: str) -> None:
        self.losses: list[float] = []
        self._run, self._stage, self._clock = run, stage, Clock()

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Start the clock."""
        self._clock.start(state.global_step)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float],
        **_: object,
    ) -> None:
        """Write what the trainer logs of a step; its other logs are summaries."""
        if "loss" not in logs:
            return
        self.losses.append(logs["loss"])
        if state.is_world_process_zero:
            self._run.log(self._entry(state, logs))

    def _entry(self, state: TrainerState, logs: dict[str, float]) -> dict[str, object]:
        return {
            "stage": self._stage,
            "step": state.global_step,
            "steps": state.max_steps,
            "epoch": round(state.epoch, 4),
            "loss": logs["loss"],
            "learning_rate": logs["learning_rate"],
            "grad_norm": logs.get("grad_norm"),
            "seconds": round(self._clock.seconds, 3),
            "eta": round(self._clock.left(state.global_step, state.max_steps), 1),
        }


class Checkpoints(TrainerCallback):  # type: ignore[misc]  # as above
    """Names a checkpoint once the trainer has written all of it; older ones go only then.

    The trainer writes below ``folder.saving``: what a kill or a full disk leaves there is no
    checkpoint. ``data`` is the hash of what is trained on.
    """

    def __init__(self, run: RunFolder, folder: StageFolder, data: str) -> None:
        self._run, self._folder, self._data = run, folder, data

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Rename the checkpoint. Raises ``OSError`` on a full disk; the last one stays."""
        # Every process writes the state of its own random numbers.
        PartialState().wait_for_everyone()
        if state.is_world_process_zero:
            written = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            self._folder.keep(written, self._run.identity, self._data)
        PartialState().wait_for_everyone()


class Screen(TrainerCallback):  # type: ignore[misc]  # as above
    """Shows stage, step, loss and time left on stderr; as lines where that is no terminal."""

    def __init__(self, stage: str, *, quiet: bool) -> None:
        self._stage, self._clock = stage, Clock()
        self._quiet = quiet or not PartialState().is_main_process
        self._console = Console(stderr=True, highlight=False, markup=False)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("loss {task.fields[loss]}  {task.fields[left]} left"),
            console=self._console,
            disable=self._quiet or not self._console.is_terminal,
        )
        self._task = self._bar.add_task(stage, total=None, loss="-", left="-")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Start the clock, and the bar where the run goes on."""
        self._clock.start(state.global_step)
        self._bar.update(self._task, total=state.max_steps, completed=state.global_step)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float],
        **_: object,
    ) -> None:
        """Move the bar, or print a line every tenth of the way."""
        if "loss" not in logs or self._quiet:
            return
        step, steps = state.global_step, state.max_steps
        loss, left = f"{logs['loss']:.4f}", in_words(self._clock.left(step, steps))
        self._bar.update(self._task, completed=step, loss=loss, left=left)
        if not self._console.is_terminal and step % max(1, steps // LINES) == 0:
            self._console.print(f"{self._stage}: step {step}/{steps}, loss {loss}, {left} left")


def in_words(seconds: float) -> str:
    """Return a duration as people say it: "45 s", "12 min", "3 h 20 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
