import Foundation

/// The result of a campaign, as it is kept.
struct CampaignReport: Codable, Sendable {
    var seed: UInt64
    var kinds: [FaultKind]
    /// How many nodes the broker had.
    var brokerNodes: Int
    var startedAt: String
    var machine: String
    var operationsPerSecond: Double
    var loadSeconds: Int
    /// How long everything took to settle after the load, in seconds.
    var settledAfter: Double
    var operations: [String: Int]
    var verdicts: [String: Int]
    var faults: [FaultRecord]
    /// Everything but what is settled or was refused.
    var findings: [Finding]
    /// Orders that no operation of the load has made.
    var strayOrders: [String]
    var isClean: Bool
    /// What `voelgoed fsck` said, when it was not clean.
    var fsck: String
    var deadLetters: String
    var history: [OperationRecord]

    static let noDeadLetters = "no dead letters"

    func count(_ verdict: Verdict) -> Int { verdicts[verdict.rawValue] ?? 0 }

    /// Whether the platform kept its promises. Dead letters are no broken promise: they are listed and can be replayed.
    var isPassed: Bool {
        !Verdict.allCases.contains { $0.isViolation && count($0) > 0 } && strayOrders.isEmpty && isClean
    }

    func write(to prefix: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: prefix + ".json"), options: .atomic)
        try text.write(toFile: prefix + ".txt", atomically: true, encoding: .utf8)
    }
}
