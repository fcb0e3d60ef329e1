/// A condition on the facts of a reading, and the sentence that follows from it.
struct WordCondition: Sendable {
    /// The condition as a short phrase.
    let name: String
    /// Whether it holds.
    let holds: @Sendable (ReadingFacts) -> Bool
    /// The sentence, reviewed and without numbers, or an empty text.
    let sentence: String

    init(_ name: String, _ sentence: String = "", when holds: @escaping @Sendable (ReadingFacts) -> Bool) {
        self.name = name
        self.sentence = sentence
        self.holds = holds
    }

    /// The last condition of a part: none before it holds.
    static func otherwise(_ name: String, _ sentence: String = "") -> WordCondition {
        WordCondition(name, sentence) { _ in true }
    }
}

/// One question, answered by the sentence of the first condition that holds.
struct WordPart: Sendable {
    /// The question.
    let name: String
    /// The possible answers: for any facts, one of them holds.
    let conditions: [WordCondition]

    /// The position of the condition that answers.
    func choice(for facts: ReadingFacts) -> Int {
        conditions.firstIndex { $0.holds(facts) } ?? conditions.count - 1
    }
}

/// All sentences about a reading, one part after another.
struct WordTable: Sendable {
    /// The parts of the meaning of the reading.
    let meaning: [WordPart]
    /// The parts of how far it can be trusted.
    let confidence: [WordPart]
    /// The parts of what to watch next.
    let watch: [WordPart]
    /// Every part, in this order.
    let parts: [WordPart]

    init(meaning: [WordPart], confidence: [WordPart], watch: [WordPart]) {
        self.meaning = meaning
        self.confidence = confidence
        self.watch = watch
        parts = meaning + confidence + watch
    }

    /// Where there is a reading.
    static let reading = WordTable(
        meaning: [distance, correlation, changes, cointegration],
        confidence: [level, tests, leg, hedgeRatio],
        watch: [next, nextCorrelation, nextChanges]
    )

    /// Where there is none.
    static let noReading = WordTable(
        meaning: [absence],
        confidence: [WordPart(name: "trust", conditions: [.otherwise("no reading", "There is no reading to trust.")])],
        watch: [nextReading]
    )

    /// The table for the facts.
    static func of(_ facts: ReadingFacts) -> WordTable { facts.absence == nil ? reading : noReading }
}
