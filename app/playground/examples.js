/** Texts to click on, each in the language it is written in; the models read what they were trained on. */

export const EXAMPLES = {
  sentiment: [
    ["en", "The plot is thin, but the acting is superb and I loved every minute."],
    ["en", "The room was dirty, the staff were rude and breakfast was cold. Never again!"],
    ["en", "It was fine."],
    ["zh", "这部电影太好看了，演员演技很棒，我还想再看一遍。"],
    ["zh", "快递太慢，包装破了，再也不买了。"],
  ],
  topic: [
    ["en", "The central bank raised interest rates for the third time this year."],
    ["en", "The striker scored twice as the home side won the cup final."],
    ["en", "Astronomers found water vapour in the air of a distant planet."],
    ["en", "Leaders met in Geneva to discuss a ceasefire."],
  ],
};
