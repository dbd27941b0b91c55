// lobby HOST:PORT AUTHORITY.CRT USER NUMBER NAME <PASSWORD: signs in, adds an employee, lists all of them, waits for
// somebody to pass, and signs out.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	smartpass "smartpass/v1"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// violations gives field and reason of a refusal, from the typed details of the error.
func violations(err error) map[string]string {
	facts, found := map[string]string{}, map[string]string{}
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			facts = info.Metadata
		}
	}
	for _, detail := range status.Convert(err).Details() {
		if request, ok := detail.(*errdetails.BadRequest); ok {
			for _, violation := range request.FieldViolations {
				found[violation.Field] = facts[violation.Field]
			}
		}
	}
	return found
}

func signIn(ctx context.Context, session smartpass.SessionServiceClient, username, password string) context.Context {
	reply, err := session.Login(ctx, &smartpass.LoginRequest{Username: username, Password: password})
	if err != nil {
		log.Fatal(err)
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+reply.Token)
}

func add(ctx context.Context, people smartpass.PeopleServiceClient, employee *smartpass.Employee) {
	created, err := people.CreateEmployee(ctx, &smartpass.CreateEmployeeRequest{Employee: employee})
	for field, reason := range violations(err) {
		fmt.Printf("refused %s: %s\n", field, reason)
	}
	if err == nil {
		fmt.Println("created", created.Number, created.Name)
	}
}

func list(ctx context.Context, people smartpass.PeopleServiceClient) {
	reply, err := people.ListEmployees(ctx, &smartpass.ListEmployeesRequest{PageSize: 100})
	if err != nil {
		log.Fatal(err)
	}
	for _, employee := range reply.Employees {
		fmt.Println("employee", employee.Number, employee.Name)
	}
}

func waitForPass(ctx context.Context, console smartpass.ConsoleServiceClient) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the stream
	events, err := console.WatchEvents(ctx, &smartpass.WatchEventsRequest{})
	for err == nil {
		var event *smartpass.Event
		event, err = events.Recv()
		if passed := event.GetPass(); passed != nil {
			name := passed.PersonName
			if name == "" {
				name = "a stranger"
			}
			fmt.Println("pass", name, "at", passed.DeviceName)
			return
		}
	}
	log.Fatal(err)
}

func main() {
	address, authority, username, number, name := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	password, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	tls, err := credentials.NewClientTLSFromFile(authority, "")
	if err != nil {
		log.Fatal(err)
	}
	connection, err := grpc.Dial(address, grpc.WithTransportCredentials(tls))
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	session := smartpass.NewSessionServiceClient(connection)
	people := smartpass.NewPeopleServiceClient(connection)
	ctx = signIn(ctx, session, username, strings.TrimSuffix(password, "\n"))
	add(ctx, people, &smartpass.Employee{Number: number, Name: name})
	list(ctx, people)
	waitForPass(ctx, smartpass.NewConsoleServiceClient(connection))
	session.Logout(ctx, &smartpass.LogoutRequest{})
}
