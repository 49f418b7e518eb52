import Contracts
import Foundation
import Logging
import Testing

@testable import ServiceRuntime

/// Log lines that machines read.
@Suite("JSON log handler")
struct JSONLogHandlerTests {
    private func line(
        _ message: Logger.Message, _ metadata: Logger.Metadata? = nil, handler: JSONLogHandler? = nil,
        error: (any Error)? = nil
    ) throws -> [String: String] {
        let handler = handler ?? JSONLogHandler(service: "ticketing", label: "ticketing")
        let event = LogEvent(
            level: .warning, message: message, error: error, metadata: metadata, source: "tests", file: #fileID,
            function: #function, line: #line)
        let text = handler.line(for: event, at: Timestamp(millisecondsSince1970: 1_795_000_000_007))
        #expect(text.hasSuffix("}\n"))
        #expect(!text.dropLast().contains("\n"))
        return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    @Test("A line has time, level, service and message, and the metadata as members")
    func members() throws {
        #expect(
            try line("it happened", ["order_id": "7", "count": "\(3)"]) == [
                "time": "2026-11-18T11:06:40.007Z", "level": "warning", "service": "ticketing",
                "message": "it happened", "order_id": "7", "count": "3",
            ])
    }

    @Test(
        "Whatever a text contains, the line stays one line of JSON",
        arguments: [
            "a \"quoted\" word", "back\\slash", "two\nlines\r\n", "tab\t", "bell\u{7} null\u{0} escape\u{1B}",
            "\u{2028}\u{2029}", "naïve 漢字 🎟️", "e\u{301}", "</script>", "",
        ])
    func quoting(text: String) throws {
        let read = try line("\(text)", ["key \(text)": "\(text)"])
        #expect(read["message"].map { Array($0.utf8) } == Array(text.utf8))
        #expect(read["key \(text)"].map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test("Metadata never takes the place of the line's own members")
    func clashes() throws {
        let read = try line("the message", ["message": "another", "time": "now", "level": "?", "service": "?"])
        #expect(read["message"] == "the message")
        #expect(read["_message"] == "another")
        #expect(read["time"] != "now")
        #expect((read["_time"], read["_level"], read["_service"]) == ("now", "?", "?"))
    }

    @Test("A logger's own metadata is written, the line's own wins, and an error is a member")
    func layers() throws {
        var handler = JSONLogHandler(service: "ticketing", label: "pool")
        handler[metadataKey: "a"] = "handler"
        handler[metadataKey: "b"] = "handler"
        handler.metadataProvider = Logger.MetadataProvider { ["b": "provider", "c": "provider"] }
        let read = try line("m", ["c": "line"], handler: handler, error: SettingError(variable: "A", problem: "is bad"))
        #expect((read["a"], read["b"], read["c"]) == ("handler", "provider", "line"))
        #expect(read["logger"] == "pool")
        #expect(read["error"] == "A is bad")
    }
}
