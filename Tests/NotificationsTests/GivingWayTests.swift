import Contracts
import Synchronization
import Testing

@testable import Notifications

@Suite("Giving way")
struct GivingWayTests {
    /// Time and an account that go on as told.
    private struct Scene {
        var givingWay = GivingWay()
        var now = Duration.seconds(5)
        var account = GivingWay.Account(ran: .seconds(3), waited: .seconds(1))

        mutating func pause() -> Duration {
            givingWay.pause(at: now) { [account] in account }
        }

        mutating func goOn(_ time: Duration, ran: Duration, waited: Duration) {
            now += time
            account.ran += ran
            account.waited += waited
        }
    }

    @Test("Whoever gets the processor when it wants it does not rest")
    func calm() {
        var scene = Scene()
        for _ in 0..<50 {
            #expect(scene.pause() == .zero)
            scene.goOn(.milliseconds(100), ran: .milliseconds(80), waited: .milliseconds(90))
        }
    }

    @Test("Whoever waits several times as long as it runs rests, longer each time, and at most so long")
    func starved() {
        var scene = Scene()
        #expect(scene.pause() == .zero)
        var rests: [Duration] = []
        for _ in 0..<6 {
            scene.goOn(GivingWay.window, ran: .milliseconds(10), waited: .milliseconds(300))
            let rest = scene.pause()
            rests.append(rest)
            #expect(scene.pause() == rest, "everybody rests until then")
            scene.goOn(rest, ran: .zero, waited: .milliseconds(1))
        }
        #expect(
            rests.prefix(4) == [.milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2)]
                && rests.suffix(2) == [.seconds(2), .seconds(2)])
    }

    @Test("During a rest others may rest as well, and after it work begins when nothing was held up meanwhile")
    func afterRest() {
        var scene = Scene()
        _ = scene.pause()
        scene.goOn(GivingWay.window, ran: .milliseconds(10), waited: .milliseconds(300))
        let rest = scene.pause()
        scene.goOn(.milliseconds(100), ran: .zero, waited: .zero)
        #expect(scene.pause() == rest - .milliseconds(100))
        scene.goOn(rest, ran: .milliseconds(5), waited: .milliseconds(5))
        #expect(scene.pause() == .zero)
        // And the next rest is a short one again.
        scene.goOn(GivingWay.window, ran: .milliseconds(10), waited: .milliseconds(300))
        #expect(scene.pause() == GivingWay.shortestRest)
    }

    @Test("A little waiting says nothing, however little ran")
    func noise() {
        var scene = Scene()
        _ = scene.pause()
        scene.goOn(.seconds(1), ran: .zero, waited: .milliseconds(49))
        #expect(scene.pause() == .zero)
    }

    @Test("A system that keeps no account rests never")
    func noAccount() {
        var givingWay = GivingWay()
        for second in 0..<5 { #expect(givingWay.pause(at: .seconds(second)) { nil } == .zero) }
    }

    @Test("The system tells what this process has had")
    func systemAccount() throws {
        let account = try #require(MailPause.account())
        #expect(account.ran > .zero && account.waited >= .zero)
    }

    @Test("A mail whose order is a minute old gives way no more, whatever the account says")
    func oldMail() async {
        let readings = Mutex(0)
        let pause = MailPause {
            readings.withLock { count in
                count += 1
                return GivingWay.Account(ran: .zero, waited: .seconds(100 * count))
            }
        }
        let now = Timestamp.example
        let waited = await pause.wait(since: now - MailPause.youth, at: now)
        #expect(waited == .zero)
        #expect(readings.withLock { $0 } == 0)
    }
}
