/// What a load has cost, by order (or whatever is counted).
struct Cost {
    /// While the load was on its way at full speed.
    let loaded: CPUReading
    /// From the beginning until the last mail and webhook was out.
    let whole: Reading
    /// The highest resident memory that was seen.
    let memory: [String: ProcessTable.Memory]
    /// The names of what the cost is of, in the singular.
    let unit: String

    /// CPU time between two moments, with what was done between them.
    struct CPUReading {
        /// Seconds by process.
        var cpu: [String: Double]
        var seconds: Double
        /// Orders between the two.
        var count: Int

        /// CPU milliseconds per order of everything but the load generator.
        var platformCPU: Double {
            (cpu.sum - (cpu["load generator"] ?? 0)) * 1000 / Double(max(1, count))
        }
    }

    /// Everything between two moments.
    struct Reading {
        var from: Snapshot
        var to: Snapshot
        /// Orders between the two.
        var count: Int

        var cpu: CPUReading {
            CPUReading(
                cpu: to.cpu.since(from.cpu), seconds: MonotonicClock.seconds(from: from.at, to: to.at), count: count)
        }
    }

    /// The processes in the order of the report.
    private static let order = Installation.services + ["postgres", "rabbitmq", "load generator"]

    /// Adds the costs to a report.
    func write(to report: inout Report, idle: [String: ProcessTable.Memory]) {
        let count = Double(max(1, whole.count))
        report.add(
            "CPU per \(unit)", loaded.platformCPU, "ms", note: "under load, generator left out")
        report.add(
            "CPU per \(unit) with drain", whole.cpu.platformCPU, "ms",
            note: "with all work that it caused, generator left out")
        let (from, to) = (whole.from, whole.to)
        report.add("messages published per \(unit)", (to.broker.published - from.broker.published) / count, "")
        report.add("messages delivered per \(unit)", (to.broker.delivered - from.broker.delivered) / count, "")
        let transactions = to.database.transactions.since(from.database.transactions)
        report.add("transactions per \(unit)", transactions.sum / count, "")
        report.add("WAL per \(unit)", (to.database.walBytes - from.database.walBytes) / count / 1024, "KiB")
        report.add("WAL flushes per \(unit)", (to.database.walSyncs - from.database.walSyncs) / count, "")
        report.tables.append(processes(idle: idle))
        report.tables.append(databases(transactions))
    }

    private func processes(idle: [String: ProcessTable.Memory]) -> Report.Table {
        let (loadedCPU, wholeCPU) = (loaded.cpu, whole.cpu.cpu)
        let perOrder = { (cpu: Double?, count: Int) in Report.text((cpu ?? 0) * 1000 / Double(max(1, count))) }
        var rows = Self.order.map { name in
            [
                name, perOrder(loadedCPU[name], loaded.count), perOrder(wholeCPU[name], whole.count),
                Report.text((loadedCPU[name] ?? 0) / loaded.seconds),
                Self.mebibytes(idle, name, \.resident), Self.mebibytes(memory, name, \.resident),
                Self.mebibytes(memory, name, \.anonymous),
            ]
        }
        rows.append(
            [
                "all", perOrder(loadedCPU.sum, loaded.count), perOrder(wholeCPU.sum, whole.count),
                Report.text(loadedCPU.sum / loaded.seconds), "", "", "",
            ])
        return Report.Table(
            title: "CPU and memory by process",
            columns: [
                "process", "ms per \(unit)", "with drain", "cores used", "MiB idle", "MiB loaded", "of it anonymous",
            ], rows: rows)
    }

    private func databases(_ transactions: [String: Double]) -> Report.Table {
        let (from, to) = (whole.from.database, whole.to.database)
        let count = Double(max(1, whole.count))
        let (inserted, updated) = (to.inserted.since(from.inserted), to.updated.since(from.updated))
        let (deleted, inPlace) = (to.deleted.since(from.deleted), to.updatedInPlace.since(from.updatedInPlace))
        let rows = Installation.services.map { name in
            [
                name, Report.text((transactions[name] ?? 0) / count), Report.text((inserted[name] ?? 0) / count),
                Report.text((updated[name] ?? 0) / count), Report.text((deleted[name] ?? 0) / count),
                (updated[name] ?? 0) > 0
                    ? Report.text(100 * (inPlace[name] ?? 0) / (updated[name] ?? 1)) + " %" : "–",
            ]
        }
        return Report.Table(
            title: "Database work per \(unit)",
            columns: ["database", "transactions", "inserts", "updates", "deletes", "HOT updates"], rows: rows)
    }

    /// The largest process of a service.
    private static func mebibytes(
        _ memory: [String: ProcessTable.Memory], _ service: String, _ part: KeyPath<ProcessTable.Memory, Int>
    ) -> String {
        let bytes = memory.filter { ProcessTable.service($0.key) == service }.map { $0.value[keyPath: part] }.max() ?? 0
        return Report.text(Double(bytes) / 1_048_576)
    }
}
