import Contracts
import Foundation
import HTTPTypes

/// Checkouts, run by the Coordinator.
struct CheckoutRoutes: Sendable {
    /// For so many seconds at most a checkout that nobody waits for counts as under way.
    private static let longestUnattended = 5

    let calls: any ServiceCalls
    let availability: AvailabilityLookup
    let wait: CheckoutWait
    let stream: CheckoutEventStream

    var endpoints: [Endpoint] { changingEndpoints + readingEndpoints }

    private var changingEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/checkouts", operationID: "startCheckout",
                summary: "Hold tickets, and pay for them at once when a payment is given.", tag: .checkouts,
                access: .scope(.checkoutsWrite), idempotency: .required, headers: [.prefer],
                body: .json(.checkoutDraft, example: CheckoutDraft.example, check: .endpoint),
                answers: Self.followed, problems: [.notFound, .salesClosed, .soldOut, .conflict],
                isAdmittedByCapacity: true, foreseenRefusal: shortage, handle: start),
            Endpoint(
                method: .post, path: "/v1/checkouts/{id}/payment", operationID: "payCheckout",
                summary: "Pay for what is held.", tag: .checkouts, access: .scope(.checkoutsWrite),
                idempotency: .required, headers: [.prefer],
                body: .json(.paymentInstrument, example: PaymentInstrument.example, check: .endpoint),
                answers: Self.followed, problems: [.holdExpired, .soldOut, .conflict], handle: pay),
            Endpoint(
                method: .delete, path: "/v1/checkouts/{id}", operationID: "cancelCheckout",
                summary: "Cancel before payment: the tickets are for sale again.", tag: .checkouts,
                access: .scope(.checkoutsWrite), idempotency: .accepted,
                answers: [
                    EndpointAnswer(
                        status: 202, summary: "Being canceled.", content: .json(.checkout), headers: [.location])
                ], problems: [.conflict, .holdExpired, .soldOut], handle: cancel),
        ]
    }

    private var readingEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/v1/checkouts/{id}", operationID: "getCheckout",
                summary: "A checkout as it stands.", tag: .checkouts, access: .scope(.checkoutsWrite),
                answers: [.ok(.checkout)], handle: get),
            Endpoint(
                method: .get, path: "/v1/checkouts/{id}/history", operationID: "getCheckoutHistory",
                summary: "Everything that happened to a checkout.", tag: .checkouts, access: .scope(.checkoutsWrite),
                answers: [.ok(.checkoutHistory)], handle: history),
            Endpoint(
                method: .get, path: "/v1/checkouts/{id}/events", operationID: "followCheckout",
                summary:
                    "A checkout's changes as they happen, as Server-Sent Events named `checkout`: the id is the version,"
                    + " the data the checkout. Ends with the checkout or the key, or after ten minutes.",
                tag: .checkouts, access: .scope(.checkoutsWrite), headers: [.lastEventID],
                answers: [
                    EndpointAnswer(
                        status: 200, summary: "The stream.", content: .other(CheckoutEventStream.contentType))
                ], handle: follow),
        ]
    }

    private static let followed = [
        EndpointAnswer(
            status: 202, summary: "Under way: follow it at its Location.", content: .json(.checkout),
            headers: [.location, .preferenceApplied]),
        EndpointAnswer(
            status: 200, summary: "Settled while `Prefer: wait` waited.", content: .json(.checkout),
            headers: [.location, .preferenceApplied]),
    ]

    /// Most requests of a rush end here.
    private func shortage(_ call: Call) async -> Problem? {
        guard let draft: CheckoutDraft = try? call.decode(), draft.fieldErrors.isEmpty else { return nil }
        return await availability.shortage(for: draft, of: call)
    }

    private func start(_ call: Call) async throws -> Reply {
        let draft: CheckoutDraft = try call.decode()
        let errors = draft.fieldErrors
        guard errors.isEmpty else { throw Problem.validation(errors) }
        let id = CheckoutID(call.resourceID)
        do {
            try await availability.check(draft, for: call)
        } catch let refusal as Problem {
            // A repetition whose first answer was lost must find the checkout it has started, though sales have closed since.
            let started = try? await calls.ask(GetCheckout(checkoutID: id), for: call, correlationID: id.rawValue)
            guard started != nil else { throw refusal }
        }
        let question = StartCheckout(
            checkoutID: id, orderID: OrderID(call.resourceID.derived(for: "order")), draft: draft)
        return try await followed(id, call) {
            try await calls.ask(question, for: call, correlationID: id.rawValue)
        }
    }

    private func pay(_ call: Call) async throws -> Reply {
        let id: CheckoutID = try call.id(of: "checkout")
        let instrument: PaymentInstrument = try call.decode()
        let errors = instrument.fieldErrors()
        guard errors.isEmpty else { throw Problem.validation(errors) }
        let question = PayCheckout(checkoutID: id, chargeID: ChargeID(call.resourceID), instrument: instrument)
        return try await followed(id, call) {
            try await calls.ask(question, for: call, correlationID: id.rawValue)
        }
    }

    private func cancel(_ call: Call) async throws -> Reply {
        let id: CheckoutID = try call.id(of: "checkout")
        let checkout = try await calls.ask(CancelCheckout(checkoutID: id), for: call, correlationID: id.rawValue)
        return try .json(202, checkout, headers: [.location: "/v1/checkouts/\(id)"])
    }

    private func followed(
        _ id: CheckoutID, _ call: Call, _ begin: () async throws -> CheckoutDetails
    ) async throws -> Reply {
        let seconds = Preference(headerValues: call.headers[values: .prefer]).waitSeconds
        let checkout = try await wait.follow(id, for: call, seconds: seconds, begin)
        if let slot = call.slot { keep(slot, until: checkout, call) }
        var headers: HTTPFields = [.location: "/v1/checkouts/\(id)"]
        headers[.preferenceApplied] = seconds.map { "wait=\($0)" }
        return try .json(seconds != nil && checkout.state.isSettled ? 200 : 202, checkout, headers: headers)
    }

    /// The platform is at work on a checkout until it has settled, whether its buyer waits for that or not.
    private func keep(_ slot: CheckoutAdmission.Slot, until checkout: CheckoutDetails, _ call: Call) {
        guard !checkout.state.isSettled else { return slot.settle() }
        // Unstructured because the request is answered meanwhile; it ends with the wait.
        Task { [wait] in
            let last = try? await wait.follow(checkout.id, for: call, seconds: Self.longestUnattended) { checkout }
            if last?.state.isSettled == true { slot.settle() }
        }
    }

    private func get(_ call: Call) async throws -> Reply {
        try .json(200, try await checkout(call))
    }

    private func history(_ call: Call) async throws -> Reply {
        let id: CheckoutID = try call.id(of: "checkout")
        let history = try await calls.ask(GetCheckoutHistory(checkoutID: id), for: call, correlationID: id.rawValue)
        return try .json(200, history)
    }

    private func follow(_ call: Call) async throws -> Reply {
        // A checkout that is not there is a 404 and no stream.
        let id = try await checkout(call).id
        let lastVersion = call.headers[.lastEventID].flatMap { Int($0) }
        return Reply(
            status: 200,
            body: .stream(contentType: CheckoutEventStream.contentType) { [stream] writer in
                try await stream.write(id, for: call, after: lastVersion, to: &writer)
            })
    }

    private func checkout(_ call: Call) async throws -> CheckoutDetails {
        let id: CheckoutID = try call.id(of: "checkout")
        return try await calls.ask(GetCheckout(checkoutID: id), for: call, correlationID: id.rawValue)
    }
}
