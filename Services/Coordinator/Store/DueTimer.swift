/// A timer that fired.
struct DueTimer: Sendable, Equatable {
    let key: SagaKey
    let timer: SagaTimer
}
