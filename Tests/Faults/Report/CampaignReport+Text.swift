import Foundation

extension CampaignReport {
    /// The report for people.
    var text: String {
        ([
            "Fault campaign, seed \(seed), \(brokerNodes == 1 ? "one broker node" : "\(brokerNodes) broker nodes")",
            "  started \(startedAt) on \(machine)",
            "  load \(operationsPerSecond) operations/s for \(loadSeconds) s; settled \(Self.seconds(settledAfter)) later",
            "  operations " + Self.list(operations),
            "",
            "  began  lasted  recovery  target  longest gap  machine load  fault",
        ] + faults.map(line) + ["", "  worst recovery by kind"] + worst + [
            "", "  verdicts " + Self.list(verdicts),
            "  fsck \(isClean ? "clean" : "NOT CLEAN")",
            "  dead letters: \(deadLetters)",
        ] + (isClean ? [] : fsck.split(separator: "\n").map { "    \($0)" })
            + strayOrders.map { "    stray order \($0)" }
            + findings.prefix(40).map { "    \($0.verdict.rawValue) operation \($0.operation): \($0.reason)" }
            + ["", "  \(isPassed ? "PASSED" : "FAILED")", ""]).joined(separator: "\n")
    }

    private func line(_ fault: FaultRecord) -> String {
        let lasted = fault.kind.seconds == 0 ? "-" : Self.seconds(fault.endedAt - fault.beganAt)
        let recovery = fault.recoverySeconds.map(Self.seconds) ?? "none"
        let target = fault.kind.target.map { "< \($0 / .seconds(1)) s".replacing(".0", with: "") } ?? "-"
        let late = fault.isInTime == false ? "  LATE" : ""
        let columns = [
            Self.pad(Self.seconds(fault.beganAt), 7), Self.pad(lasted, 8),
            Self.pad(fault.wasCarriedOut ? recovery : "-", 10), Self.pad(target, 8),
            Self.pad(fault.recovery.map { Self.seconds($0.longestGap) } ?? "-", 13),
            Self.pad("\(Int(fault.machineLoad.rounded()))", 14),
        ]
        let what = fault.wasCarriedOut ? fault.target : "not carried out: \(fault.target)"
        return columns.joined() + "  \(fault.kind.rawValue), \(what)\(late)"
    }

    private var worst: [String] {
        kinds.compactMap { kind in
            let carriedOut = faults.filter { $0.kind == kind && $0.wasCarriedOut }
            guard !carriedOut.isEmpty else { return "    \(kind.rawValue): not carried out" }
            let times = carriedOut.map { $0.recoverySeconds ?? .infinity }.sorted()
            let missed = carriedOut.count { $0.isInTime == false }
            return "    \(kind.rawValue): \(Self.seconds(times[times.count - 1])) (\(times.count) times, median "
                + "\(Self.seconds(times[times.count / 2]))\(missed > 0 ? ", \(missed) over the target" : ""))"
        }
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private static func seconds(_ value: Double) -> String {
        value.isFinite ? "\(value.formatted(.number.precision(.fractionLength(1)).grouping(.never))) s" : "none"
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
