import Testing

@testable import AMQP

@Suite("Vital signs")
struct VitalSignsTests {
    private let start = ContinuousClock.now

    private var signs: VitalSigns {
        VitalSigns(silenceLimit: .seconds(20), publishLimit: .seconds(10), lastReceivedAt: start)
    }

    @Test("A connection is well until the broker was silent for too long")
    func silence() {
        #expect(signs.failure(at: start + .seconds(20)) == nil)
        #expect(signs.failure(at: start + .seconds(20.1))?.code == .watchdog)
    }

    @Test("A call may take as long as its limit")
    func call() {
        var signs = signs
        signs.callInProgress = (start + .seconds(1), .seconds(2))
        #expect(signs.failure(at: start + .seconds(3)) == nil)
        #expect(signs.failure(at: start + .seconds(3.1))?.code == .watchdog)
        signs.callInProgress = nil
        #expect(signs.failure(at: start + .seconds(3.1)) == nil)
    }

    @Test("An old unconfirmed message ends the connection")
    func unconfirmed() {
        var signs = signs
        signs.oldestUnconfirmedAt = start + .seconds(1)
        #expect(signs.failure(at: start + .seconds(11)) == nil)
        #expect(signs.failure(at: start + .seconds(11.1))?.isRetriable == true)
    }
}
