import Foundation
import Testing

/// Habits that a machine can hold us to. Each failure reads `path:line: error: …`.
@Suite("Habits")
struct HabitTests {
    /// Reports each line that has one of the marks. Whole files are searched first: most have none.
    private func demand(
        _ folder: String, _ rule: String, without marks: [String],
        unless isAllowed: (Source, Int) -> Bool = { _, _ in false }
    ) throws {
        for file in try Source.files(below: folder) where marks.contains(where: { file.text.range(of: $0) != nil }) {
            for (index, line) in file.lines.enumerated()
            where marks.contains(where: { line.range(of: $0) != nil }) && !isAllowed(file, index) {
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
        try demand(folder, "finish it, or say why it is right as it is", without: marks)
    }

    @Test("No forced tries or casts", arguments: ["Services", "Shared"])
    func noForce(folder: String) throws {
        let marks = ["try" + "! ", " as" + "! "]
        try demand(folder, "handle the failure", without: marks)
    }

    @Test("An unchecked promise to the compiler carries its reason", arguments: ["Services", "Shared", "Tests"])
    func uncheckedHasReason(folder: String) throws {
        let marks = ["@unchecked" + " Sendable", "nonisolated" + "(unsafe)", "Unmanaged" + ".", "Task." + "detached"]
        try demand(folder, "say in a comment above why this is safe", without: marks, unless: Self.hasReason)
    }

    @Test(
        "Production code prints only from the operator's tool and the start-up words",
        arguments: ["Services", "Shared"])
    func noPrinting(folder: String) throws {
        try demand(
            folder, "use the logger", without: [" print("],
            unless: { file, _ in
                file.name.hasPrefix("Services/Operator/") || file.name == "Shared/ServiceRuntime/ServiceProcess.swift"
            })
    }

    @Test("Tests wait for signals and conditions, not for time")
    func noSleeps() throws {
        let marks = ["Task." + "sleep(", "usleep" + "("]
        try demand("Tests", "wait on a signal or a condition", without: marks)
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
        let vague = ["Util", "Utils", "Helper", "Helpers", "Manager", "Common", "DTO"].map { "\($0).swift" }
        for file in try Source.files(below: "Services") + Source.files(below: "Shared") + Source.files(below: "Tests") {
            #expect(!vague.contains { file.name.hasSuffix($0) }, "\(file.name): error: name it for what it is")
        }
    }
}
