// Letters small enough for the least width the app can be used in, on a telephone held upright.
const LEAST_COLUMNS = 62;
const LETTER_WIDTH = 0.6; // of the height, in the font of the page
const terminal = document.getElementById("terminal");
const widest = Math.floor(window.innerWidth / LEAST_COLUMNS / LETTER_WIDTH);
terminal.dataset.fontSize = Math.max(8, Math.min(Number(terminal.dataset.fontSize), widest));
