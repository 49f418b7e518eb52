import Foundation
import Testing

@testable import Operator

@Suite("Supervision plan")
struct SupervisionPlanTests {
    @Test("A plan reads as deploy/up writes it, with or without an address to ask for readiness")
    func reads() throws {
        let text = """
            {"processes":[
            {"name":"mail","executable":"/usr/bin/python3","arguments":["-m","aiosmtpd"],"environment":{"A":"b"},
             "log":"/tmp/mail.log","ready_url":null},
            {"name":"gateway-0","executable":"/bin/Gateway","arguments":[],"environment":{},"log":"/tmp/gateway.log",
             "ready_url":"http://127.0.0.1:1/health/ready"}
            ],"pid_file":"/tmp/pid","state_file":"/tmp/state"}
            """
        let file = FileManager.default.temporaryDirectory.appending(path: "plan-\(UUID().uuidString).json")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }  // A leftover in the temporary folder harms nobody.
        let plan = try SupervisionPlan.read(file.path)
        #expect(plan.processes.map(\.name) == ["mail", "gateway-0"])
        #expect(plan.processes.map(\.readyURL) == [nil, "http://127.0.0.1:1/health/ready"])
        #expect(plan.processes[0].arguments == ["-m", "aiosmtpd"])
        #expect(plan.processes[0].environment == ["A": "b"])
        #expect(plan.pidFile == "/tmp/pid")
        #expect(plan.stateFile == "/tmp/state")
    }

    @Test("The rest before a restart doubles up to five seconds")
    func delays() {
        var delay = RestartDelay()
        let rests = (0..<7).map { _ in delay.next(afterRunning: .seconds(1)) }
        #expect(
            rests == [
                .milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600), .milliseconds(3200),
                .seconds(5), .seconds(5),
            ])
        #expect(delay.next(afterRunning: .seconds(30)) == .milliseconds(200))
    }

    @Test("A process's end is read as the system reports it", arguments: [(0, 0), (7 << 8, 7), (255 << 8, 255)])
    func exits(status: Int32, code: Int32) {
        #expect(ProcessEnd(waitStatus: status) == .exit(code))
    }

    @Test("A signal's end is one, with or without a core", arguments: [(9, 9), (6 | 0x80, 6)])
    func signals(status: Int32, number: Int32) {
        #expect(ProcessEnd(waitStatus: status) == .signal(number))
    }
}
