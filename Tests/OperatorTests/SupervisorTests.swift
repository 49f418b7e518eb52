import Foundation
import TestSupport
import Testing

@testable import Operator

/// The supervisor over real processes.
@Suite("Supervisor", .timeLimit(.minutes(2)))
struct SupervisorTests {
    @Test("A process that ends is started again, each time after a longer rest")
    func restarts() async throws {
        try await SupervisionScene.with([("crashing", "exit 7")]) { scene in
            await scene.supervisor.start()
            for rest in [Duration.milliseconds(200), .milliseconds(400), .milliseconds(800)] {
                try await scene.event { if case .started("crashing", _) = $0 { true } else { false } }
                try await scene.event { $0 == .ended(name: "crashing", how: .exit(7)) }
                try await scene.event { $0 == .resting(name: "crashing", rest) }
                await scene.clock.waitForSleepers(1)
                // One instant before its time it rests still.
                scene.clock.advance(by: rest - .milliseconds(1))
                #expect(try scene.state().processes == [])
                scene.clock.advance(by: .milliseconds(1))
            }
            try await scene.event { if case .started("crashing", _) = $0 { true } else { false } }
            await scene.supervisor.stop(within: .seconds(30))
        }
    }

    @Test("After half a minute of running a process rests shortly again")
    func forgives() async throws {
        try await SupervisionScene.with([("patient", "while :; do sleep 0.05; done")]) { scene in
            await scene.supervisor.start()
            for rest in [Duration.milliseconds(200), .milliseconds(400)] {
                kill(try await scene.startedID("patient"), SIGKILL)
                try await scene.event { $0 == .resting(name: "patient", rest) }
                await scene.clock.waitForSleepers(1)
                scene.clock.advance(by: rest)
            }
            let id = try await scene.startedID("patient")
            scene.clock.advance(by: .seconds(30))
            kill(id, SIGKILL)
            try await scene.event { $0 == .ended(name: "patient", how: .signal(SIGKILL)) }
            try await scene.event { $0 == .resting(name: "patient", .milliseconds(200)) }
            await scene.supervisor.stop(within: .seconds(30))
        }
    }

    @Test("A process stands back as far as its plan says")
    func nice() async throws {
        try await SupervisionScene.with([("patient", "while :; do sleep 0.05; done")], nice: 7) { scene in
            await scene.supervisor.start()
            let id = try await scene.startedID("patient")
            #expect(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(id)) == 7)
            await scene.supervisor.stop(within: .seconds(30))
        }
    }

    @Test("Stopping sends SIGTERM, and waits for an orderly end")
    func terminates() async throws {
        let polite = "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done"
        try await SupervisionScene.with([("one", polite), ("two", polite)]) { scene in
            await scene.supervisor.start()
            try await scene.logs(of: ["one", "two"], hold: { $0.contains("ready") })
            // Nothing moves the clock, so that nobody is killed.
            await scene.supervisor.stop(within: .seconds(30))
            for name in ["one", "two"] {
                #expect(scene.events.contains(.ended(name: name, how: .exit(3))))
                #expect(try scene.log(of: name).contains("bye"))
            }
            #expect(scene.events.last == .stopped)
            #expect(try scene.state().processes == [])
        }
    }

    @Test("A process starts with no signal blocked or ignored, whatever the thread that starts it has")
    func startsWithoutMask() async throws {
        // No shell: it would clear the mask itself. The threads that run this test block nearly everything.
        let status = ["/usr/bin/grep", "^Sig", "/proc/self/status"]
        try await SupervisionScene.with([], programs: [("masked", status)]) { scene in
            let ignored = signal(SIGUSR2, SIG_IGN)
            defer { signal(SIGUSR2, ignored) }
            await scene.supervisor.start()
            try await scene.event { $0 == .ended(name: "masked", how: .exit(0)) }
            await scene.supervisor.stop(within: .seconds(30))
            let log = try scene.log(of: "masked")
            #expect(log.contains("SigBlk:\t0000000000000000"), "\(log)")
            // The C library ignores its own two, 32 and 33, in every spawned process.
            let mask = try #require(log.firstMatch(of: /SigIgn:\t([0-9a-f]{16})/)).1
            let signals = try #require(UInt64(mask, radix: 16))
            #expect(signals & ~(0b11 << 31) == 0, "\(log)")
        }
    }

    @Test("A process that ignores SIGTERM is killed when its time is over, with what it has started")
    func killsStubborn() async throws {
        let stubborn = "trap '' TERM; sleep 1000 & echo child $!; while :; do sleep 0.05; done"
        try await SupervisionScene.with([("stubborn", stubborn)]) { scene in
            await scene.supervisor.start()
            try await scene.logs(of: ["stubborn"], hold: { $0.contains("child") })
            let child = try #require(
                try scene.log(of: "stubborn").firstMatch(of: /child ([0-9]+)/).flatMap { Int32($0.1) })
            async let stopped: Void = scene.supervisor.stop(within: .seconds(30))
            await scene.clock.waitForSleepers(1)
            scene.clock.advance(by: .seconds(29))
            #expect(!scene.events.contains(.killed(name: "stubborn")))
            scene.clock.advance(by: .seconds(1))
            await stopped
            #expect(scene.events.contains(.killed(name: "stubborn")))
            #expect(scene.events.contains(.ended(name: "stubborn", how: .signal(SIGKILL))))
            #expect(try await eventually { !Self.isRunning(child) })
        }
    }

    @Test("What a process leaves behind ends with it, before its successor starts")
    func endsLeftovers() async throws {
        try await SupervisionScene.with([("forking", "sleep 1000 & echo child $!")]) { scene in
            await scene.supervisor.start()
            try await scene.event { $0 == .ended(name: "forking", how: .exit(0)) }
            let child = try #require(
                try scene.log(of: "forking").firstMatch(of: /child ([0-9]+)/).flatMap { Int32($0.1) })
            #expect(try await eventually { !Self.isRunning(child) })
            await scene.supervisor.stop(within: .seconds(30))
        }
    }

    @Test("The state file names who runs, and how often each was started again")
    func stateFile() async throws {
        let forever = "while :; do sleep 0.05; done"
        try await SupervisionScene.with([("one", forever), ("two", forever)]) { scene in
            await scene.supervisor.start()
            let one = try await scene.startedID("one")
            let two = try await scene.startedID("two")
            #expect(
                try scene.state().processes == [
                    .init(name: "one", pid: one, restarts: 0), .init(name: "two", pid: two, restarts: 0),
                ])
            kill(one, SIGKILL)
            await scene.clock.waitForSleepers(1)
            #expect(try scene.state().processes == [.init(name: "two", pid: two, restarts: 0)])
            scene.clock.advance(by: .milliseconds(200))
            let again = try await scene.startedID("one")
            #expect(try scene.state().processes.first == .init(name: "one", pid: again, restarts: 1))
            await scene.supervisor.stop(within: .seconds(30))
        }
    }

    @Test("An executable that is missing ends neither the supervisor nor the others")
    func missingExecutable() async throws {
        let forever = "while :; do sleep 0.05; done"
        try await SupervisionScene.with([("there", forever)], programs: [("absent", ["/nowhere/absent"])]) { scene in
            await scene.supervisor.start()
            _ = try await scene.startedID("there")
            let failure = try await scene.event { if case .notStarted("absent", _) = $0 { true } else { false } }
            #expect("\(failure)".contains("No such file or directory"))
            try await scene.event { $0 == .resting(name: "absent", .milliseconds(200)) }
            await scene.clock.waitForSleepers(1)
            scene.clock.advance(by: .milliseconds(200))
            try await scene.event { $0 == .resting(name: "absent", .milliseconds(400)) }
            #expect(try scene.state().processes.map(\.name) == ["there"])
            await scene.supervisor.stop(within: .seconds(30))
            #expect(scene.events.last == .stopped)
        }
    }

    @Test("Output goes to the end of the log, which only its owner may read")
    func appends() async throws {
        try await SupervisionScene.with([("writing", "echo out; echo err >&2; echo $GREETING")]) { scene in
            try "earlier\n".write(toFile: scene.logPath(of: "writing"), atomically: true, encoding: .utf8)
            await scene.supervisor.start()
            try await scene.event { $0 == .ended(name: "writing", how: .exit(0)) }
            await scene.supervisor.stop(within: .seconds(30))
            #expect(try scene.log(of: "writing") == "earlier\nout\nerr\nhello\n")
        }
        try await SupervisionScene.with([("writing", "echo out")]) { scene in
            await scene.supervisor.start()
            try await scene.event { $0 == .ended(name: "writing", how: .exit(0)) }
            await scene.supervisor.stop(within: .seconds(30))
            let attributes = try FileManager.default.attributesOfItem(atPath: scene.logPath(of: "writing"))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("A process inherits no descriptor but its output")
    func inheritsNothing() async throws {
        // Open in this process, and without the flag that closes it in a child.
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        try await SupervisionScene.with([("listing", "ls /proc/$$/fd")]) { scene in
            await scene.supervisor.start()
            try await scene.event { $0 == .ended(name: "listing", how: .exit(0)) }
            await scene.supervisor.stop(within: .seconds(30))
            let descriptors = try scene.log(of: "listing").split(separator: "\n").compactMap { Int32($0) }
            #expect(!descriptors.contains(descriptor))
            #expect(Set([0, 1, 2]).isSubset(of: descriptors))
        }
    }

    /// Whether the process lives. One that ended and that nobody has taken out of the system's table yet does not.
    private static func isRunning(_ id: Int32) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
            let state = text.split(separator: ")").last?.split(separator: " ").first
        else { return false }
        return state != "Z"
    }
}
