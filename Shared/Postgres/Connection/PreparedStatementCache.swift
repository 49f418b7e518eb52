/// Which statements one connection has prepared. When there are too many, the one unused for longest goes.
struct PreparedStatementCache {
    /// The same text with other parameter types is another statement.
    struct Key: Hashable {
        let sql: String
        let types: [PostgresType]
    }

    private struct Entry {
        let name: String
        var lastUse: UInt64
        var isPrepared: Bool
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var clock: UInt64 = 0
    private var nextName: UInt64 = 0
    /// Statements that the server still has and nobody uses.
    private(set) var unused: [String] = []

    init(limit: Int = 256) {
        self.limit = limit
    }

    var count: Int { entries.count }

    /// The statement's name, and whether it has to be prepared first.
    mutating func use(_ key: Key) -> (name: String, mustPrepare: Bool) {
        clock += 1
        if let entry = entries[key] {
            entries[key]?.lastUse = clock
            return (entry.name, !entry.isPrepared)
        }
        if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key {
            forget(oldest)
        }
        nextName += 1
        let name = "statement_\(nextName)"
        entries[key] = Entry(name: name, lastUse: clock, isPrepared: false)
        return (name, true)
    }

    /// The server has prepared the statement.
    mutating func didPrepare(_ key: Key) {
        entries[key]?.isPrepared = true
    }

    /// Drops a statement; if the server has it, it becomes unused there.
    mutating func forget(_ key: Key) {
        guard let entry = entries.removeValue(forKey: key), entry.isPrepared else { return }
        unused.append(entry.name)
    }

    /// The server has deallocated the statement.
    mutating func didDeallocate(_ name: String) {
        unused.removeAll { $0 == name }
    }
}
