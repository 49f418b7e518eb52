import Foundation
import Testing

@testable import ServiceRuntime

@Suite("Log output")
struct LogOutputTests {
    @Test("Lines gather, and an urgent one takes all before it along at once, in order")
    func order() throws {
        let pipe = Pipe()
        let output = LogOutput(pipe.fileHandleForWriting)
        output.write("one\n", isUrgent: false)
        output.write("two\n", isUrgent: true)
        #expect(try read(pipe) == "one\ntwo\n")
        output.write("three\n", isUrgent: false)
        output.flush()
        #expect(try read(pipe) == "three\n")
    }

    @Test("A line that nobody pushes goes out by itself")
    func alone() throws {
        let pipe = Pipe()
        LogOutput(pipe.fileHandleForWriting).write("alone\n", isUrgent: false)
        // Reading waits for it.
        #expect(try read(pipe) == "alone\n")
    }

    @Test("A reader that has gone stops nobody")
    func gone() throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        let output = LogOutput(pipe.fileHandleForWriting)
        try pipe.fileHandleForReading.close()
        output.write("lost\n", isUrgent: true)
        output.write("lost\n", isUrgent: true)
    }

    private func read(_ pipe: Pipe) throws -> String {
        String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    }
}
