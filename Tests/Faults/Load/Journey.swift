import Contracts
import Foundation

/// One client's operation from its beginning to its end, noted in the history as it goes.
struct Journey: Sendable {
    /// How long after its beginning a client gives up, in seconds: longer than any fault with its recovery.
    static let patience = 150.0
    private static let pollPause = 0.25

    let operation: LoadPlan.Operation
    let shop: Shop
    let history: History

    private var clock: CampaignClock { shop.client.clock }
    private var deadline: Double { operation.at + Self.patience }

    func run() async throws {
        await history.begin(
            OperationRecord(
                id: operation.id, kind: operation.kind, token: operation.token, quantity: operation.quantity,
                priceCents: Shop.priceCents, isForCanceledOccurrence: operation.isForCanceledOccurrence,
                intendedAt: operation.at))
        switch operation.kind {
        case .checkout: try await buy()
        case .cancel: try await holdAndCancel()
        case .visit: try await visit()
        case .refund: try await refund()
        case .cancellation: try await cancelOccurrence()
        }
        let now = clock.now
        await note { $0.endedAt = now }
    }

    // MARK: - Checkouts

    private func buy() async throws {
        let begunAt = clock.now
        // Half of the buyers wait for the outcome, the others come back for it.
        let wait = operation.id.isMultiple(of: 2) ? 10 : nil
        guard
            let checkout = try await create(
                .post("/v1/checkouts", "checkout", shop.order(operation), wait: wait)),
            let settled = try await followed(checkout, "/v1/checkouts", "checkout", until: CheckoutState.isSettled)
        else { return }
        guard settled["state"]?.text == "completed" else { return }
        if operation.token == "tok_ok", !operation.isForCanceledOccurrence {
            await history.completed(begunAt: begunAt, at: clock.now)
        }
        let codes = (settled["tickets"]?.list ?? []).compactMap { $0["code"]?.text }
        if let order = settled["order_id"]?.text, !operation.isForCanceledOccurrence {
            await history.offer(
                .init(orderID: order, codes: codes, totalCents: operation.quantity * Shop.priceCents))
        }
    }

    private func holdAndCancel() async throws {
        guard let checkout = try await create(.post("/v1/checkouts", "checkout", shop.order(operation))),
            let id = checkout["id"]?.text,
            try await followed(checkout, "/v1/checkouts", "checkout", until: CheckoutState.isSettled) != nil
        else { return }
        let canceled = try await send(
            HTTPCall(
                method: "DELETE", path: "/v1/checkouts/\(id)", name: "DELETE checkout",
                idempotencyKey: UUID().uuidString))
        guard let canceled, canceled.isSuccess else {
            if let problem = canceled?.problem { await note { $0.refusal = problem } }
            return
        }
        _ = try await followed(canceled.body, "/v1/checkouts", "checkout") {
            $0 != "awaiting_payment" && CheckoutState.isSettled($0)
        }
    }

    // MARK: - Refunds and cancellations

    private func refund() async throws {
        guard let order = await history.takeForRefund() else { return await skip() }
        var body: [String: JSONValue] = ["reason": "The buyer has changed their mind."]
        if operation.isPartial { body["amount_cents"] = 1000 }
        let cents = operation.isPartial ? 1000 : order.totalCents
        await note {
            $0.orderID = order.orderID
            $0.refundCents = cents
        }
        guard
            let refund = try await create(
                .post("/v1/orders/\(order.orderID)/refunds", "refund", .object(body)))
        else { return }
        _ = try await followed(refund, "/v1/refunds", "refund") { RefundState(rawValue: $0)?.isFinal == true }
    }

    private func cancelOccurrence() async throws {
        let path = "/v1/occurrences/\(shop.canceledOccurrenceID)"
        guard try await create(.post("\(path)/cancel", "cancellation", ["reason": "The artist is ill."])) != nil
        else { return }
        _ = try await poll("\(path)/cancellation", "cancellation") { $0 != "refunding" }
    }

    // MARK: - Scans

    private func visit() async throws {
        guard let order = await history.takeForVisit(), let code = order.codes.first else { return await skip() }
        await note { $0.orderID = order.orderID }
        for isIn in [true, true, false, true] {
            let id = UUID().uuidString
            await note { $0.scans.append(ScanRecord(id: id, isIn: isIn, results: [])) }
            let call = HTTPCall(
                method: "POST", path: "/v1/scans", name: "POST scan",
                body: [
                    "id": .string(id), "occurrence_id": .string(shop.occurrenceID), "code": .string(code),
                    "direction": isIn ? "in" : "out",
                ])
            // A scanner that is not sure sends the same scan again.
            for _ in 0..<(operation.repeats ? 2 : 1) {
                guard let reply = try await send(call) else { break }
                guard reply.isSuccess, let result = reply.body["result"]?.text else {
                    await note { $0.refusal = reply.problem ?? "no result" }
                    return
                }
                await note { record in
                    record.isAccepted = true
                    record.scans[record.scans.count - 1].results.append(result)
                }
            }
        }
    }

    // MARK: - Steps

    /// Sends the creating request, once more if the operation says so, and notes the ids that it is answered.
    private func create(_ call: HTTPCall) async throws -> JSONValue? {
        var latest: JSONValue?
        for attempt in 0..<(operation.repeats ? 2 : 1) {
            guard let reply = try await send(call) else { break }
            guard reply.isSuccess else {
                await note { $0.refusal = reply.problem }
                return nil
            }
            let id = reply.body["id"]?.text ?? reply.body["occurrence_id"]?.text
            await note { record in
                record.isAccepted = true
                if let id { record.ids.append(id) }
            }
            // The answer to a repetition is the kept one, and older than what was polled since.
            if attempt == 0 { latest = reply.body }
        }
        return latest
    }

    /// Asks until the state is one that ends; nil when it did not become one in time.
    private func followed(
        _ first: JSONValue, _ collection: String, _ name: String, until isEnd: @Sendable (String) -> Bool
    ) async throws -> JSONValue? {
        if let state = first["state"]?.text, isEnd(state) {
            await settled(first, state)
            return first
        }
        guard let id = first["id"]?.text else { return nil }
        return try await poll("\(collection)/\(id)", name, until: isEnd)
    }

    private func poll(
        _ path: String, _ name: String, until isEnd: @Sendable (String) -> Bool
    ) async throws -> JSONValue? {
        while clock.now < deadline {
            try await clock.sleep(until: clock.now + Self.pollPause)
            guard let reply = try await send(.get(path, name)), reply.isSuccess else { continue }
            if let state = reply.body["state"]?.text, isEnd(state) {
                await settled(reply.body, state)
                return reply.body
            }
        }
        return nil
    }

    private func settled(_ body: JSONValue, _ state: String) async {
        let order = body["order_id"]?.text
        await note { record in
            if record.states.last != state { record.states.append(state) }
            if let order { record.orderID = order }
        }
    }

    private func send(_ call: HTTPCall) async throws -> HTTPReply? {
        try await shop.client.send(call, until: deadline) { answer in
            // Polling while all is well is not worth a line each.
            guard call.method != "GET" || answer.status != 200 else { return }
            await note { $0.answers.append(answer) }
        }
    }

    private func note(_ body: @Sendable (inout OperationRecord) -> Void) async {
        await history.change(operation.id, body)
    }

    /// There was nothing yet that the operation could have been about.
    private func skip() async {
        await history.forget(operation.id)
    }
}

extension CheckoutState {
    /// Whether a checkout in that state rests: `isSettled` of the state of that name.
    static func isSettled(_ name: String) -> Bool {
        CheckoutState(rawValue: name)?.isSettled == true
    }
}
