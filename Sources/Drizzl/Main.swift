import ArgumentParser

/// `drizzl`: one program, many roles.
@main
struct DrizzlCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drizzl",
        abstract: "Lifecycles as files, moves as transactions, promises as durable jobs.",
        subcommands: [
            UpCommand.self, ServeCommand.self, WorkCommand.self, ScheduleCommand.self, MigrateCommand.self,
            SeedCommand.self, WorkflowsCommand.self, TransitionCommand.self, JobsCommand.self, SchedulesCommand.self,
            WorkersCommand.self, AdminCommand.self, SecretsCommand.self, DoctorCommand.self, PostgresCommand.self,
            ChaosCommand.self, ChaosPartCommand.self, BenchCommand.self,
        ])
}
