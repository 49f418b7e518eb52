import Foundation

/// A process that a campaign may signal: known by its id and by a part of its command line, because ids are reused.
struct Victim: Sendable, Equatable, CustomStringConvertible {
    let name: String
    let id: Int32
    let match: String

    var description: String { "\(name) (process \(id))" }

    /// - Throws: when there is no such process any more.
    func signal(_ number: Int32) throws {
        guard isAlive else { throw CampaignError("\(self) is not running") }
        guard kill(id, number) == 0 else {
            throw CampaignError("\(self) cannot be signalled: \(String(cString: strerror(errno)))")
        }
    }

    var isAlive: Bool { Self.commandLine(id)?.contains(match) == true }

    /// The command line of a process, with spaces between its words; nil when there is none.
    static func commandLine(_ id: Int32) -> String? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(id)/cmdline"), !data.isEmpty else { return nil }
        return String(decoding: data.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    /// The process that a server's keeper has noted.
    static func server(_ server: Installation.Server) throws -> Victim {
        let text = try String(contentsOfFile: server.pidFile, encoding: .utf8)
        guard let id = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CampaignError("\(server.pidFile) holds no process id")
        }
        return Victim(name: server.name, id: id, match: server.match)
    }

    /// The children of a process, in the order of their ids.
    static func children(of parent: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { id in
            guard let data = FileManager.default.contents(atPath: "/proc/\(id)/stat"),
                // The name in parentheses may hold anything; the state and the parent follow the last of them.
                let tail = String(decoding: data, as: UTF8.self).split(separator: ")").last
            else { return false }
            let fields = tail.split(separator: " ")
            return fields.count > 1 && Int32(fields[1]) == parent
        }.sorted()
    }
}
