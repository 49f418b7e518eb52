import Contracts

/// Who may pass a gate (design, section 2, invariant 6; API, "Scan results"): a ticket never admits twice without an
/// exit.
///
/// Time counts for entering only: whoever is inside may leave after the end, after a cancellation, and with a ticket
/// that was revoked or refunded meanwhile, and is then counted as outside.
enum AdmissionRule {
    /// The answer, and the ticket as it is from now on.
    struct Decision: Sendable, Equatable {
        let result: ScanResult
        let ticket: TicketPresence
        let isFirstAdmission: Bool
    }

    /// Decides one attempt with a code that is proven to be genuine.
    /// - Parameters:
    ///   - codeRevision: of the code that was shown. A newer one than the index knows is proof of itself.
    ///   - time: when the code was read.
    static func decide(
        _ direction: ScanDirection, with ticket: TicketPresence, codeRevision: Int, in window: AdmissionWindow,
        at time: Timestamp
    ) -> Decision {
        var ticket = ticket
        let isOutdated = codeRevision < ticket.revision
        ticket.revision = max(ticket.revision, codeRevision)
        switch direction {
        case .in: return enter(ticket, isOutdated: isOutdated, in: window, at: time)
        case .out: return leave(ticket, isOutdated: isOutdated)
        }
    }

    private static func enter(
        _ ticket: TicketPresence, isOutdated: Bool, in window: AdmissionWindow, at time: Timestamp
    ) -> Decision {
        // Before the revocation: all tickets of a canceled occurrence are refunded, one after the other, and the gate's
        // answer should not tell how far that is.
        if window.isCanceled { return refuse(.closed, ticket) }
        if ticket.isRevoked || isOutdated { return refuse(.revoked, ticket) }
        if time > window.endsAt { return refuse(.closed, ticket) }
        if time < window.opensAt { return refuse(.notOpenYet, ticket) }
        if ticket.isInside { return refuse(.alreadyAdmitted, ticket) }
        var admitted = ticket
        let isFirst = ticket.firstAdmittedAt == nil
        admitted.movements += 1
        admitted.firstAdmittedAt = ticket.firstAdmittedAt ?? time
        return Decision(result: .admitted, ticket: admitted, isFirstAdmission: isFirst)
    }

    private static func leave(_ ticket: TicketPresence, isOutdated: Bool) -> Decision {
        guard ticket.isInside else {
            return refuse(ticket.isRevoked || isOutdated ? .revoked : .notInside, ticket)
        }
        var gone = ticket
        gone.movements += 1
        return Decision(result: .exited, ticket: gone, isFirstAdmission: false)
    }

    private static func refuse(_ result: ScanResult, _ ticket: TicketPresence) -> Decision {
        Decision(result: result, ticket: ticket, isFirstAdmission: false)
    }
}
