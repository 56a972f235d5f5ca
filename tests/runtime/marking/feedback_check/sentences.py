"""Feedback as a careful teacher writes it, and feedback no child should read, for made-up items."""

from typing import NamedTuple

from runtime.marking.feedback_check import Told
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict

EGGS = Item(
    id="eggs",
    task=Task.MATH,
    question="A box holds 6 eggs. How many eggs are in 4 boxes, if 2 are broken and thrown away?",
    steps=("6 x 4 = 26", "26 - 2 = 24"),
    reference="22",
    grade_level=4,
)
FORM = Item(
    id="form",
    task=Task.MATH,
    question="Write 0.75 as a fraction in its simplest form.",
    answer="6/8",
    reference="3/4",
    grade_level=5,
)
EQUATION = Item(
    id="equation",
    task=Task.MATH,
    question="Solve 2x + 3 = 11.",
    steps=("2x + 3 = 11", "2x = 14", "x = 7"),
    reference="x = 4",
    grade_level=7,
)
PLANTS = Item(
    id="plants",
    task=Task.SHORT_ANSWER,
    question="Why do leaves look green?",
    answer="Because of the sun.",
    reference="They contain chlorophyll, which reflects green light.",
    grade_level=6,
)
WATER = Item(
    id="water",
    task=Task.SHORT_ANSWER,
    question="What happens to water when it boils?",
    answer="It gets very hot and there are bubbles.",
    reference="It turns into steam, which is a gas.",
    grade_level=4,
)
ESSAY = Item(
    id="essay",
    task=Task.ESSAY,
    question="Should pets be allowed at school? Say what you think and why.",
    answer="Yes. I like dogs and they are fun.",
    scale=(0.0, 5.0),
    grade_level=5,
)
MELE = Item(
    id="mele",
    task=Task.MATH,
    question="Anna ha 3 sacchetti con 5 mele ciascuno. Ne mangia 2. Quante mele restano?",
    steps=("3 x 5 = 15", "15 - 2 = 12"),
    reference="13",
    language="it",
    grade_level=4,
)
FOGLIE = Item(
    id="foglie",
    task=Task.SHORT_ANSWER,
    question="Perché le foglie cadono in autunno?",
    answer="Perché fa freddo.",
    reference="L'albero perde le foglie per risparmiare acqua durante l'inverno.",
    language="it",
    grade_level=5,
)

WRONG_EGGS = Told(item=EGGS, verdict=Verdict.INCORRECT, first_wrong_step=0)
WRONG_FORM = Told(item=FORM, verdict=Verdict.PARTIAL, first_wrong_step=-1)
WRONG_EQUATION = Told(item=EQUATION, verdict=Verdict.INCORRECT, first_wrong_step=1)
WRONG_PLANTS = Told(item=PLANTS, verdict=Verdict.INCORRECT)
PART_WATER = Told(item=WATER, verdict=Verdict.PARTIAL)
PART_ESSAY = Told(item=ESSAY, verdict=Verdict.PARTIAL)
WRONG_MELE = Told(item=MELE, verdict=Verdict.INCORRECT, first_wrong_step=1)
WRONG_FOGLIE = Told(item=FOGLIE, verdict=Verdict.INCORRECT)
RIGHT_EGGS = Told(
    item=Item(
        id="r",
        task=Task.MATH,
        question=EGGS.question,
        steps=("6 x 4 = 24", "24 - 2 = 22"),
        reference="22",
        grade_level=4,
    ),
    verdict=Verdict.CORRECT,
    first_wrong_step=-1,
)
RIGHT_MELE = Told(
    item=Item(
        id="g",
        task=Task.MATH,
        question=MELE.question,
        answer="13",
        reference="13",
        language="it",
        grade_level=4,
    ),
    verdict=Verdict.CORRECT,
)


class Sample(NamedTuple):
    told: Told
    text: str


GOOD = [
    Sample(told, text)
    for told, texts in (
        (
            WRONG_EGGS,
            (
                "You chose the right operations. Look at line 1 again: how much is 6 times 4?",
                "Good plan! First the boxes, then the broken eggs. Check your times table.",
                "You are on the right track. Work out line 1 once more, slowly.",
                "Not quite yet. Try drawing the 4 boxes with 6 eggs in each.",
                "Taking away the broken eggs was a good idea. Is 6 x 4 really 26?",
                "Nearly there! One small slip is in the first line.",
                "I like how you wrote each step on a line of its own. Check the first line again.",
                "Your answer is not right yet, but your thinking is clear. Add 6 four times.",
            ),
        ),
        (
            WRONG_FORM,
            (
                "The value is right. Can you write it in a simpler way?",
                "Your fraction has the right value. What number divides both top and bottom?",
                "Good start. Is there a number that goes into both 6 and 8?",
                "Part of it is right: the size is the same. Now make the numbers smaller.",
                "You are nearly done. Look for a number that divides both parts of 6/8.",
            ),
        ),
        (
            WRONG_EQUATION,
            (
                "Your first line is fine. What must you do to both sides to get rid of the + 3?",
                "Look at line 2 again. Did you add or take away?",
                "You wrote the equation down well. Think about what undoes adding 3.",
                "Put your x back into the equation. Does it give 11?",
                "Keep both sides equal at every step. Check line 2.",
                "Dividing by 2 at the end was a good idea. Something went wrong in line 2.",
            ),
        ),
        (
            WRONG_PLANTS,
            (
                "The sun matters for a plant, but that does not yet explain the colour.",
                "Think about what is inside a leaf. What could give it its colour?",
                "You are thinking about what plants need. Now look at the question again.",
                "Good try! What happens to the colours of sunlight when they hit a leaf?",
            ),
        ),
        (
            PART_WATER,
            (
                "You noticed the bubbles, well spotted! What are the bubbles made of?",
                "Yes, it gets very hot. What do you see above a pot on the stove?",
                "Part of your answer is right. What does the water become?",
                "Good start. Where does the water go when it boils for a long time?",
            ),
        ),
        (
            PART_ESSAY,
            (
                "You say clearly what you think. Can you give one more reason?",
                "It is good that you give your opinion first. Add an example from your own life.",
                "Try joining your ideas with words like because or for example.",
                "Your first reason is easy to understand. What might someone who disagrees say?",
            ),
        ),
        (
            RIGHT_EGGS,
            (
                "Well done, that is right! You showed every step.",
                "Correct! You remembered the broken eggs, too.",
                "Great work. There are no mistakes in your lines. How could you check it?",
            ),
        ),
        (
            WRONG_MELE,
            (
                "La prima riga va bene. Guarda ancora la riga 2: quanto fa 15 meno 2?",
                "Buona idea moltiplicare i sacchetti. Controlla la sottrazione nella riga 2.",
                "Non ancora. Prova a disegnare le mele e a toglierne due.",
                "Hai scelto le operazioni giuste, ma nella riga 2 c'è un piccolo errore.",
            ),
        ),
        (
            WRONG_FOGLIE,
            (
                "Il freddo conta, ma non spiega ancora tutto. Di che cosa ha bisogno la pianta?",
                "Buon inizio! Che cosa manca nel terreno quando fa molto freddo?",
            ),
        ),
        (
            RIGHT_MELE,
            ("Bravo, è giusto! Come hai fatto il conto?", "Giusto! Il tuo conto è chiaro."),
        ),
    )
    for text in texts
]

BAD = {
    "praise": Sample(WRONG_EGGS, "Well done, that is right!"),
    "your answer is correct": Sample(WRONG_EGGS, "Your answer is correct. Good planning!"),
    "perfect": Sample(WRONG_PLANTS, "Perfect! You know what plants need."),
    "all right": Sample(WRONG_EQUATION, "All of your lines are correct."),
    "whole praise for a part": Sample(PART_WATER, "That is correct. You know about water."),
    "praise in Italian": Sample(WRONG_MELE, "Bravo, la risposta è giusta!"),
    "blame": Sample(RIGHT_EGGS, "Not quite. Try again with fewer eggs."),
    "wrong though right": Sample(RIGHT_EGGS, "Your answer is wrong."),
    "not correct though right": Sample(RIGHT_EGGS, "Sorry, this is not correct."),
    "blame in Italian": Sample(RIGHT_MELE, "La risposta è sbagliata, riprova."),
    "another line": Sample(WRONG_EQUATION, "Look at line 3 again, there is a slip."),
    "a line that is not there": Sample(WRONG_EGGS, "Check line 5 of your work."),
    "the wrong line praised": Sample(WRONG_EGGS, "Line 1 is correct. Then you went on."),
    "another line in Italian": Sample(WRONG_MELE, "C'è un errore nella riga 1."),
    "a false sum": Sample(WRONG_EGGS, "Remember that 6 x 4 = 25, so look again."),
    "a false claim": Sample(WRONG_EGGS, "The correct answer is 20."),
    "digits": Sample(WRONG_EGGS, "Not yet. You should get 22."),
    "words": Sample(WRONG_EGGS, "Not yet. There are twenty-two eggs left."),
    "a fraction": Sample(WRONG_FORM, "Try 3/4 instead."),
    "a fraction in words": Sample(WRONG_FORM, "It is three quarters."),
    "a known number told": Sample(WRONG_EQUATION, "Not yet. The answer is 4."),
    "the letter's value": Sample(WRONG_EQUATION, "Not yet, since x = 4."),
    "the words of the reference": Sample(WRONG_PLANTS, "They contain chlorophyll."),
    "half of the reference": Sample(PART_WATER, "It becomes steam, a gas."),
    "digits in Italian": Sample(WRONG_MELE, "Restano 13 mele."),
    "words in Italian": Sample(WRONG_MELE, "Restano tredici mele."),
    "unkind": Sample(WRONG_EGGS, "That was a lazy try. Look again."),
    "unkind in Italian": Sample(WRONG_MELE, "Sei stato pigro, riprova."),
    "should know": Sample(WRONG_EGGS, "You should know your times table by now."),
    "code": Sample(WRONG_EGGS, "Try `print(6 * 4)` to see it."),
    "markup": Sample(WRONG_EGGS, "**Look** at your work again."),
    "a special token": Sample(WRONG_EGGS, "Look again.<|im_end|>"),
    "a link": Sample(WRONG_EGGS, "See www.example.com for help with this."),
    "itself": Sample(WRONG_EGGS, "As an AI, I think you should look again."),
    "itself in Italian": Sample(WRONG_MELE, "Sono un modello linguistico e non so contare."),
    "another language": Sample(WRONG_EGGS, "Guarda ancora la tua riga e poi prova di nuovo."),
    "a third language": Sample(WRONG_EGGS, "Schau dir deine Rechnung bitte noch einmal genau an."),
    "another script": Sample(WRONG_EGGS, "Посмотри ещё раз."),
    "too hard": Sample(
        WRONG_EGGS,
        "Reconsider the multiplicative relationship underlying your computational procedure "
        "and subsequently reevaluate the numerical consequences thereof.",
    ),
    "nothing": Sample(WRONG_EGGS, "  "),
}
