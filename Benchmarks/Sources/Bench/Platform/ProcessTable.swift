import Foundation
import Glibc

/// What the kernel says of the platform's processes.
struct ProcessTable {
    /// A process of the report, and those of the kernel that belong to it.
    struct Entry {
        var name: String
        var process: Int32
        /// Whether the processes that it started are counted with it, ended ones too.
        var hasChildren: Bool
    }

    /// Memory in bytes.
    struct Memory {
        var resident = 0
        /// The part that is not backed by files: what the process itself has made.
        var anonymous = 0
    }

    let entries: [Entry]

    /// The processes of the installation as they run now, and the generator itself.
    init(_ installation: Installation) throws {
        struct State: Decodable {
            struct Process: Decodable {
                var name: String
                var pid: Int32
            }
            var processes: [Process]
        }
        let state = try JSONDecoder().decode(
            State.self, from: Data(contentsOf: URL(filePath: installation.supervisorState)))
        entries =
            state.processes.filter { Installation.services.contains(Self.service($0.name)) }
            .map { Entry(name: $0.name, process: $0.pid, hasChildren: false) } + [
                Entry(
                    name: "postgres", process: try Self.process(in: installation.database.pidFile), hasChildren: true),
                Entry(name: "rabbitmq", process: try Self.process(in: installation.broker.pidFile), hasChildren: true),
                Entry(name: "load generator", process: getpid(), hasChildren: false),
            ]
    }

    /// CPU seconds since each process began, user and system together, by name; instances of a service are added up.
    func cpu() -> [String: Double] {
        let all = Self.children()
        var seconds: [String: Double] = [:]
        for entry in entries {
            var sum = Self.cpu(entry.process, withEndedChildren: entry.hasChildren)
            if entry.hasChildren {
                for child in all[entry.process] ?? [] { sum += Self.cpu(child, withEndedChildren: true) }
            }
            seconds[Self.service(entry.name), default: 0] += sum
        }
        return seconds
    }

    /// The memory of each process of a service, and of the others as far as one process has it.
    func memory() -> [String: Memory] {
        var memory: [String: Memory] = [:]
        for entry in entries {
            guard let text = try? String(contentsOfFile: "/proc/\(entry.process)/status", encoding: .utf8) else {
                continue
            }
            memory[entry.name] = Memory(
                resident: Self.kilobytes("VmRSS:", text) * 1024, anonymous: Self.kilobytes("RssAnon:", text) * 1024)
        }
        return memory
    }

    /// How many cores everything shares.
    static var cores: Int { ProcessInfo.processInfo.processorCount }

    /// `ticketing` for `ticketing-2`.
    static func service(_ name: String) -> String {
        guard let dash = name.lastIndex(of: "-"), Int(name[name.index(after: dash)...]) != nil else { return name }
        return String(name[..<dash])
    }

    private static func process(in file: String) throws -> Int32 {
        let text = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let process = Int32(text) else { throw BenchError("\(file) has no process id") }
        return process
    }

    private static func cpu(_ process: Int32, withEndedChildren: Bool) -> Double {
        guard let fields = stat(process), fields.count > 14 else { return 0 }
        let ticks = fields[11...(withEndedChildren ? 14 : 12)].reduce(0) { $0 + (Double($1) ?? 0) }
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The fields of `/proc/PID/stat` after the name, which may have blanks: the state is the first, the parent the next.
    private static func stat(_ process: Int32) -> [Substring]? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: end)...].split(whereSeparator: \.isWhitespace)
    }

    /// The processes of the machine by their parents.
    private static func children() -> [Int32: [Int32]] {
        var children: [Int32: [Int32]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let process = Int32(name), let fields = stat(process), let parent = Int32(fields[1]) else { continue }
            children[parent, default: []].append(process)
        }
        return children
    }

    private static func kilobytes(_ name: String, _ text: String) -> Int {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            return Int(line.split(whereSeparator: \.isWhitespace)[1]) ?? 0
        }
        return 0
    }
}
