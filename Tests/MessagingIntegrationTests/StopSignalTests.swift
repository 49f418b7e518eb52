import Testing

@testable import Messaging

/// The wish to stop.
@Suite("Stop signal", .timeLimit(.minutes(1)))
struct StopSignalTests {
    @Test("A rest is cut short by a stop, before it and during it")
    func stop() async {
        let signal = StopSignal()
        #expect(await signal.rest(for: .milliseconds(1)))
        async let rest = signal.rest(for: .seconds(3600))
        signal.stop()
        #expect(await rest == false)
        #expect(await signal.rest(for: .seconds(3600)) == false)
        #expect(signal.isStopped)
    }

    @Test("A rest and a wait are cut short by cancellation")
    func cancellation() async {
        let signal = StopSignal()
        let resting = Task { await signal.rest(for: .seconds(3600)) }
        let waiting = Task { await signal.wait() }
        resting.cancel()
        waiting.cancel()
        #expect(await resting.value == false)
        await waiting.value
        #expect(!signal.isStopped)
    }
}
