import ArgumentParser
import Database
import Foundation
import Jobs
import StateMachines

/// `drizzl seed`: plants the demo data.
struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Plant the demo data, through the same moves as the product.",
        discussion: """
            People, products, partners, leads, deals, orders and all that became of them up to half past nine in the
            morning. Planting again changes nothing. A database with other data is refused.
            """)

    @Option(
        name: .customLong("as-of"), help: "The day as of which to plant, such as 2024-12-19; without it, today.",
        transform: { text in
            guard let day = CalendarDay(text) else { throw ValidationError("Write a day as 2024-12-19.") }
            return day
        })
    var asOf: CalendarDay?

    func run() async throws {
        let house = try await House.onConfiguredDatabase()
        let counts = try await DemoSeed(house).plant(asOf: asOf)
        let accounts = try await DemoAccounts(house).open()
        await house.waker.settle()
        await house.pool.close()
        print(counts)
        print(accounts)
    }
}
