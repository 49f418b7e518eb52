/// Judges a history: pure, so that every judgement is a test.
struct HistoryChecker: Sendable {
    /// The money that orders were given back by refunds of the load, by order.
    private var refundedCents: [String: Int] = [:]

    init(_ records: [OperationRecord] = []) {
        for record in records where record.kind == .refund && record.audit?.state == "completed" {
            if let order = record.orderID { refundedCents[order, default: 0] += record.refundCents ?? 0 }
        }
    }

    /// One finding for each operation.
    static func judge(_ records: [OperationRecord]) -> [Finding] {
        let checker = HistoryChecker(records)
        return records.map(checker.judge)
    }

    func judge(_ record: OperationRecord) -> Finding {
        let (verdict, reason) = verdict(record)
        return Finding(operation: record.id, verdict: verdict, reason: reason)
    }

    private func verdict(_ record: OperationRecord) -> (Verdict, String) {
        // Another id under the same key is a second effect, whatever becomes of either.
        if Set(record.ids).count > 1 { return (.duplicated, "one key got the ids \(Set(record.ids).sorted())") }
        if record.kind == .visit { return judgeVisit(record) }
        if let refusal = record.refusal {
            guard record.isAccepted else {
                return record.isForCanceledOccurrence || record.kind == .refund
                    ? (.refused, refusal) : (.unexpected, "refused with \(refusal)")
            }
            return (.unexpected, "taken on, and refused afterwards with \(refusal)")
        }
        guard record.isAccepted else { return (.unanswered, "no answer in time") }
        guard let audit = record.audit, let state = audit.state else {
            return (.lost, "the platform does not know it any more")
        }
        switch record.kind {
        case .checkout, .cancel: return judgeCheckout(record, audit, state)
        case .refund: return judgeRefund(state)
        case .cancellation: return judgeCancellation(audit, state)
        case .visit: return judgeVisit(record)
        }
    }

    // MARK: - Checkouts

    private static let settled: Set<String> = [
        "awaiting_payment", "completed", "sold_out", "canceled", "expired", "refunded",
    ]

    private func judgeCheckout(
        _ record: OperationRecord, _ audit: AuditRecord, _ state: String
    ) -> (Verdict, String) {
        guard Self.settled.contains(state) else { return (.lost, "still \(state) in the end") }
        let captured = audit.capturedCents.reduce(0, +)
        let givenBack = audit.givenBackCents.reduce(0, +)
        if audit.capturedCents.count > 1, captured - givenBack > audit.orderTotalCents - audit.orderRefundedCents {
            return (.duplicated, "charged \(audit.capturedCents.count) times, \(captured - givenBack) kept")
        }
        if audit.ticketIDs.count > record.quantity || Set(audit.ticketIDs).count < audit.ticketIDs.count {
            return (.duplicated, "\(audit.ticketIDs.count) tickets for \(record.quantity)")
        }
        // The last state that a client was shown must not have been taken back, unless payment or time went on.
        for (earlier, later) in zip(record.states, record.states.dropFirst() + [state])
        where earlier != later && earlier != "awaiting_payment" && !(earlier == "completed" && later == "refunded") {
            return (.unexpected, "was \(earlier) and became \(later)")
        }
        if state == "completed" { return judgeCompleted(record, audit, kept: captured - givenBack) }
        guard captured == givenBack else {
            return (.lost, "\(state), but \(captured - givenBack) of the buyer's money are kept")
        }
        return isRightEnd(record, state)
            ? (.settled, state) : (.unexpected, "\(record.token ?? "unpaid") ended \(state)")
    }

    private func isRightEnd(_ record: OperationRecord, _ state: String) -> Bool {
        if record.isForCanceledOccurrence { return true }
        if record.kind == .cancel { return state == "canceled" }
        // A hold that nobody pays for expires some time after its buyer has gone.
        return record.token == "tok_declined" && (state == "awaiting_payment" || state == "expired")
    }

    private func judgeCompleted(
        _ record: OperationRecord, _ audit: AuditRecord, kept: Int
    ) -> (Verdict, String) {
        guard record.kind == .checkout, record.token != "tok_declined" else {
            return (.unexpected, "completed, though nobody has paid")
        }
        let price = record.quantity * record.priceCents
        guard audit.orderTotalCents == price else {
            return (.unexpected, "an order of \(audit.orderTotalCents) instead of \(price)")
        }
        guard audit.ticketIDs.count == record.quantity else {
            return (.lost, "\(audit.ticketIDs.count) of \(record.quantity) tickets")
        }
        let expected = record.isForCanceledOccurrence ? price : record.orderID.flatMap { refundedCents[$0] } ?? 0
        guard audit.orderRefundedCents == expected else {
            return (
                audit.orderRefundedCents > expected ? .duplicated : .lost,
                "the order gave back \(audit.orderRefundedCents), ordered were \(expected)"
            )
        }
        if kept < price - expected { return (.lost, "\(kept) taken for tickets of \(price - expected)") }
        if kept > price - expected { return (.duplicated, "\(kept) taken for tickets of \(price - expected)") }
        return (.settled, "completed")
    }

    // MARK: - Refunds and cancellations

    private func judgeRefund(_ state: String) -> (Verdict, String) {
        switch state {
        case "completed": (.settled, state)
        // Two clients may give back the same order at once; one of them is told so.
        case "refused", "failed": (.unexpected, "the refund was \(state)")
        default: (.lost, "still \(state) in the end")
        }
    }

    private func judgeCancellation(_ audit: AuditRecord, _ state: String) -> (Verdict, String) {
        guard state == "completed" else {
            return (state == "incomplete" ? .unexpected : .lost, "the cancellation is \(state) in the end")
        }
        guard audit.ordersRefunded == audit.ordersTotal else {
            return (.lost, "\(audit.ordersRefunded) of \(audit.ordersTotal) orders are refunded")
        }
        return (.settled, "\(audit.ordersTotal) orders refunded")
    }

    // MARK: - Scans

    private func judgeVisit(_ record: OperationRecord) -> (Verdict, String) {
        for scan in record.scans where Set(scan.results).count > 1 {
            return (.unexpected, "one scan was answered \(Set(scan.results).sorted())")
        }
        let answered = record.scans.filter { !$0.results.isEmpty }
        guard !answered.isEmpty else { return (.unanswered, "no scan was answered in time") }
        if let refusal = record.refusal { return (.unexpected, "a scan was refused with \(refusal)") }
        // A scan without an answer may or may not have taken effect: after it, either side of the gate is possible.
        var sides: Set<Bool> = [false]
        for scan in record.scans {
            guard let result = scan.results.first else {
                sides.insert(scan.isIn)
                continue
            }
            let isPossible =
                scan.isIn
                ? sides.contains(result == "already_admitted") && ["admitted", "already_admitted"].contains(result)
                : sides.contains(result == "exited") && ["exited", "not_inside"].contains(result)
            guard isPossible else {
                let isSecond = result == "admitted" && sides == [true]
                return (isSecond ? .duplicated : .unexpected, "\(scan.isIn ? "in" : "out") was answered \(result)")
            }
            sides = [scan.isIn]
        }
        let isWhole = answered.count == record.scans.count
        return (.settled, isWhole ? "all scans answered" : "\(answered.count) of \(record.scans.count) scans answered")
    }
}
