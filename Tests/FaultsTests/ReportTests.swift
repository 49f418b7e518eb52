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
                completions: [.init(begunAt: 2, completedAt: 9)], reference: 1, beginning: 1, next: 20),
            servedAgainAfter: 2)
        #expect(slow.isInTime == false)
        let text = report(faults: [slow]).text
        #expect(text.contains("LATE"))
        #expect(text.contains("service-kill: 11.0 s (1 times, median 11.0 s, 1 over the target)"))
        #expect(text.contains("broker-delay: not carried out"))
    }

    @Test("A killed service has recovered once buyers can buy and a new process serves")
    func servedAgain() {
        var fault = FaultRecord(
            kind: .serviceKill, target: "scanning", wasCarriedOut: true, beganAt: 1, endedAt: 1,
            recovery: RecoveryMeasure(
                completions: [.init(begunAt: 1.5, completedAt: 2), .init(begunAt: 2, completedAt: 3)], reference: 1,
                beginning: 1, next: 4))
        #expect(fault.isInTime == false, "nothing serves in its place")
        fault.servedAgainAfter = 3
        #expect(fault.recoverySeconds == 3)
        #expect(fault.isInTime == true)
    }

    @Test("A checkout that slips through before a fault bites does not hide the gap that follows")
    func slippedThrough() {
        let fault = FaultRecord(
            kind: .clusterKillLeader, target: "node", wasCarriedOut: true, beganAt: 1, endedAt: 1,
            recovery: RecoveryMeasure(
                completions: [.init(begunAt: 1.1, completedAt: 1.3), .init(begunAt: 9, completedAt: 12)], reference: 1,
                beginning: 1, next: 13))
        #expect(fault.recoverySeconds == 12 - 1.3)
        #expect(fault.isInTime == false)
    }
}
