import Foundation
import Testing

/// Habits that a machine can hold us to. Each failure reads `path:line: error: …`.
@Suite("Habits")
struct HabitTests {
    private func demand(
        _ folder: String, _ rule: String, unless isAllowed: (Source, Int) -> Bool = { _, _ in false },
        _ isViolation: (String) -> Bool
    ) throws {
        for file in try Source.files(below: folder) {
            for (index, line) in file.lines.enumerated() where isViolation(line) && !isAllowed(file, index) {
                Issue.record("\(file.name):\(index + 1): error: \(rule)")
            }
        }
    }

    /// Whether the line, or one of the few above it, has a comment.
    private static func hasReason(_ file: Source, _ index: Int) -> Bool {
        file.lines[max(0, index - 6)...index].contains { $0.contains("//") }
    }

    @Test("Nothing is left for later", arguments: ["Services", "Shared", "Tests"])
    func nothingUnfinished(folder: String) throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        try demand(folder, "finish it, or say why it is right as it is") { line in marks.contains { line.contains($0) } }
    }

    @Test("No forced tries or casts", arguments: ["Services", "Shared"])
    func noForce(folder: String) throws {
        let marks = ["try" + "! ", " as" + "! "]
        try demand(folder, "handle the failure") { line in marks.contains { line.contains($0) } }
    }

    @Test("An unchecked promise to the compiler carries its reason", arguments: ["Services", "Shared", "Tests"])
    func uncheckedHasReason(folder: String) throws {
        let marks = ["@unchecked" + " Sendable", "nonisolated" + "(unsafe)", "Unmanaged" + ".", "Task." + "detached"]
        try demand(folder, "say in a comment above why this is safe", unless: Self.hasReason) { line in
            !line.contains("//") && marks.contains { line.contains($0) }
        }
    }

    @Test("Production code prints only from the operator's tool and the start-up words", arguments: ["Services", "Shared"])
    func noPrinting(folder: String) throws {
        try demand(
            folder, "use the logger",
            unless: { file, _ in
                file.name.hasPrefix("Services/Operator/") || file.name == "Shared/ServiceRuntime/ServiceProcess.swift"
            }, { $0.contains(" print(") || $0.hasPrefix("print(") })
    }

    @Test("Tests wait for signals and conditions, not for time")
    func noSleeps() throws {
        let marks = ["Task." + "sleep", "usleep" + "(", " sleep" + "(1"]
        try demand("Tests", "wait on a signal or a condition") { line in marks.contains { line.contains($0) } }
    }

    @Test("Every service says in its README what it owns, accepts and emits")
    func readmes() throws {
        for service in LayeringTests.services where service != "Operator" {
            let url = Source.checkout.appending(path: "Services/\(service)/README.md")
            let text = try String(contentsOf: url, encoding: .utf8).lowercased()
            for word in ["owns", "accepts", "emits"] {
                #expect(text.contains(word), "Services/\(service)/README.md: error: says nothing of what it \(word)")
            }
        }
    }

    @Test("Vague names are not used for files")
    func fileNames() throws {
        let vague = /(Utils?|Helpers?|Manager|Common|DTO)\.swift$/
        for file in try Source.files(below: "Services") + Source.files(below: "Shared") + Source.files(below: "Tests") {
            #expect(file.name.firstMatch(of: vague) == nil, "\(file.name): error: name it for what it is")
        }
    }
}
