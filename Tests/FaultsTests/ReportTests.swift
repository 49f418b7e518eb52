import Testing

@testable import Faults

@Suite("The report of a campaign")
struct ReportTests {
    private func report(
        _ records: [OperationRecord] = [], faults: [FaultRecord] = [], strays: [String] = [], isClean: Bool = true
    ) -> CampaignReport {
        CampaignReport(
            seed: 7, kinds: [.serviceKill, .brokerDelay], brokerNodes: 1, startedAt: "now", machine: "here",
            operationsPerSecond: 5, loadSeconds: 60, settledAfter: 1, operations: ["checkout": 1], faults: faults,
            records: records, strayOrders: strays, isClean: isClean, fsck: "VIOLATION 1",
            deadLetters: CampaignReport.noDeadLetters)
    }

    @Test("It passes when nothing is lost, duplicated or unexpected, nothing is astray, and fsck is clean")
    func passes() {
        #expect(report().isPassed)
        #expect(!report(isClean: false).isPassed)
        #expect(!report(strays: ["o"]).isPassed)
        var lost = OperationRecord(id: 1, kind: .checkout, intendedAt: 0)
        lost.isAccepted = true
        lost.ids = ["c"]
        #expect(!report([lost]).isPassed)
        #expect(report([lost]).text.contains("lost operation 1"))
        var silent = lost
        silent.isAccepted = false
        silent.ids = []
        #expect(report([silent]).isPassed, "nothing was promised")
    }

    @Test("It tells which faults were recovered from too late")
    func late() {
        let slow = FaultRecord(
            kind: .serviceKill, target: "payments", wasCarriedOut: true, beganAt: 1, endedAt: 1,
            recovery: RecoveryMeasure(
                completions: [.init(begunAt: 2, completedAt: 9)], reference: 1, beginning: 1, next: 20))
        #expect(slow.isInTime == false)
        let text = report(faults: [slow]).text
        #expect(text.contains("LATE"))
        #expect(text.contains("service-kill: 8.0 s (1 times, median 8.0 s, 1 over the target)"))
        #expect(text.contains("broker-delay: not carried out"))
    }
}
