extension CampaignReport {
    /// Judges the records, and counts.
    init(
        seed: UInt64, kinds: [FaultKind], brokerNodes: Int, startedAt: String, machine: String,
        operationsPerSecond: Double, loadSeconds: Int, settledAfter: Double, operations: [String: Int],
        faults: [FaultRecord], records: [OperationRecord], strayOrders: [String], isClean: Bool, fsck: String,
        deadLetters: String
    ) {
        let findings = HistoryChecker.judge(records)
        var verdicts: [String: Int] = [:]
        for verdict in Verdict.allCases { verdicts[verdict.rawValue] = findings.count { $0.verdict == verdict } }
        self.init(
            seed: seed, kinds: kinds, brokerNodes: brokerNodes, startedAt: startedAt, machine: machine,
            operationsPerSecond: operationsPerSecond, loadSeconds: loadSeconds, settledAfter: settledAfter,
            operations: operations, verdicts: verdicts, faults: faults,
            findings: findings.filter { ![.settled, .refused].contains($0.verdict) }, strayOrders: strayOrders,
            isClean: isClean, fsck: fsck, deadLetters: deadLetters, history: records)
    }
}
