import Foundation

/// What a scenario has measured, as people and programs read it.
struct Report {
    /// One figure.
    struct Figure: Encodable {
        var name: String
        var value: Double
        var unit: String
        /// What it is to be, in words; nil for figures without a target.
        var target: String?
        var isMet: Bool?
        /// What must be known to read it.
        var note: String?
    }

    /// A table of figures by something, such as by process.
    struct Table: Encodable {
        var title: String
        var columns: [String]
        var rows: [[String]]
    }

    let scenario: String
    var facts: [[String]]
    var figures: [Figure] = []
    var tables: [Table] = []
    /// What must not be: oversold places, findings of `fsck`, unexpected answers.
    var failures: [String] = []

    init(_ scenario: String, _ bench: Workbench) {
        self.scenario = scenario
        facts =
            bench.installation.facts + [
                ["seed", "\(bench.options.seed)"],
                [
                    "measured",
                    "\(bench.options.seconds.formatted(.number)) s after \(bench.options.warmUp.formatted(.number)) s",
                ],
            ]
    }

    mutating func add(_ name: String, _ value: Double, _ unit: String, note: String? = nil) {
        figures.append(Figure(name: name, value: value, unit: unit, note: note))
    }

    mutating func add(
        _ name: String, _ value: Double, _ unit: String, atLeast target: Double, note: String? = nil
    ) {
        figures.append(
            Figure(
                name: name, value: value, unit: unit, target: "≥ \(Self.text(target)) \(unit)", isMet: value >= target,
                note: note))
    }

    mutating func add(_ name: String, _ value: Double, _ unit: String, atMost target: Double, note: String? = nil) {
        figures.append(
            Figure(
                name: name, value: value, unit: unit, target: "≤ \(Self.text(target)) \(unit)", isMet: value <= target,
                note: note))
    }

    /// Three digits that matter, and no more than three after the point.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 1 ? 2 : 3
        return value.formatted(.number.precision(.fractionLength(0...digits)).locale(Locale(identifier: "en_US")))
    }
}
