"""The part of the story of test_openapi that makes enterprises, groups, users and accounts and takes them away again. For a
case that has call, refuse and server."""

from fixture import Server, wait_until
from identity_providers import PACKAGE, REDIRECT, Browser, Process
from totp import code

PASSWORD = "correct horse battery"


class ManagementStory:
    def enterprises(self):
        get, update = "EnterprisesService_GetEnterprise", "EnterprisesService_UpdateEnterprise"
        made = self.call("EnterprisesService_CreateEnterprise",
                         body={"enterprise": {"name": "Branch", "timeZone": "Europe/Berlin"},
                               "administratorUsername": "chief"})
        self.assertTrue(made["oneTimePassword"])
        branch = self.call(get, id=made["enterprise"]["id"])
        self.assertEqual(branch["administrator"], "chief")
        self.refuse(get, 404, id=7)
        self.refuse(update, 400, body={**branch, "timeZone": "Mars/Olympus"}, id=branch["id"])
        self.assertEqual(self.call(update, body={**branch, "name": "Branch 2"}, id=branch["id"])["timeZone"], "Europe/Berlin")
        found = self.call("EnterprisesService_ListEnterprises", query={"query": "branch"})
        self.assertEqual([one["id"] for one in found["enterprises"]], [branch["id"]])
        delete = "EnterprisesService_DeleteEnterprise"
        self.refuse(delete, 400, "NAME_DIFFERS", body={"confirmName": "branch 2"}, id=branch["id"])
        work = self.call(delete, body={"confirmName": "Branch 2"}, id=branch["id"])
        wait_until(lambda: self.call("OperationsService_GetOperation", id=work["id"])["done"])

    def groups(self):
        """A group with a section in it, which the users of the story need."""
        root = self.call("OrgService_ListGroups")["groups"][0]["id"]
        group = self.call("OrgService_CreateGroup", body={"parentId": root, "name": "North"})
        other = self.call("OrgService_CreateGroup", body={"parentId": group["id"], "name": "South"})
        self.refuse("OrgService_CreateGroup", 400, body={"parentId": root, "name": "North"})
        moved = self.call("OrgService_UpdateGroup", body={"parentId": root, "name": "Far South"}, id=other["id"])
        self.assertEqual((moved["parentId"], moved["name"]), (root, "Far South"))
        section = self.call("OrgService_CreateSection",
                            body={"groupId": other["id"], "module": "MODULE_DEVICES", "name": "Lobby"})
        self.call("OrgService_UpdateSection", body={**section, "name": "Hall"}, id=section["id"])
        self.assertEqual([one["name"] for one in self.call("OrgService_ListSections")["sections"]], ["Hall"])
        self.assertEqual(self.call("OrgService_GetGroupContent", id=other["id"])["sections"], 1)
        self.call("OrgService_DeleteSection", id=section["id"])
        self.call("OrgService_DeleteGroup", id=other["id"])
        self.refuse("OrgService_GetGroupContent", 404, id=other["id"])
        return group["id"]

    def users(self, group):
        held = [one for one in self.call("UsersService_ListPermissions")["permissions"] if one["held"]]
        role = self.call("UsersService_CreateRole", body={"name": "Desk", "permissions": [held[0]["name"]]})
        role = self.call("UsersService_UpdateRole", body={**role, "name": "Front desk"}, id=role["id"])
        self.assertEqual(role["permissions"], [held[0]["name"]])
        self.refuse("UsersService_CreateRole", 400, body={"name": "Odd", "permissions": ["no.such"]})
        ann = {"username": "ann", "displayName": "Ann", "groupId": group, "roleId": role["id"]}
        made = self.call("UsersService_CreateUser", body={"user": ann})["user"]
        self.assertEqual(self.call("UsersService_GetUser", id=made["id"]), made)
        self.assertEqual(self.call("UsersService_UpdateUser", body={**made, "disabled": True}, id=made["id"])["roleId"],
                         role["id"])
        found = self.call("UsersService_ListUsers", query={"groupId": group, "disabled": "true"})
        self.assertEqual([one["username"] for one in found["users"]], ["ann"])
        self.assertTrue(self.call("UsersService_ResetUserPassword", body={}, id=made["id"])["oneTimePassword"])
        self.refuse("UsersService_DeleteRole", 400, "ROLE_IN_USE", id=role["id"])
        self.assertEqual(self.call("UsersService_ListRoles")["roles"][0]["userCount"], 1)
        self.call("UsersService_DeleteUser", id=made["id"])
        self.call("UsersService_DeleteRole", id=role["id"])

    def account(self):
        profile = self.call("AccountService_UpdateProfile",
                            body={"displayName": "The admin", "preferences": {"language": "en", "lists": [
                                {"list": "employees", "columns": ["name"], "pageSize": 20}]}})
        self.assertEqual(self.call("AccountService_GetProfile"), profile)
        other = self.server.public()
        other.call("SessionService.Login", username="admin", password=Server.PASSWORD)
        sessions = self.call("AccountService_ListSessions")["sessions"]
        self.call("AccountService_RevokeSession", id=next(one["id"] for one in sessions if not one["current"]))
        token = self.call("AccountService_CreateToken", body={
            "name": "gate import", "permissions": ["employees.view"],
            "expireTime": sessions[0]["expireTime"]})
        self.assertTrue(token["secret"])
        self.assertEqual([one["name"] for one in self.call("AccountService_ListTokens")["tokens"]], ["gate import"])
        self.call("AccountService_DeleteToken", id=token["token"]["id"])
        secret = self.call("AccountService_StartSecondFactor", body={"password": Server.PASSWORD})["secret"]
        self.refuse("AccountService_FinishSecondFactor", 400, body={"code": "no code"})
        codes = self.call("AccountService_FinishSecondFactor", body={"code": code(secret)})["recoveryCodes"]
        self.assertEqual(len(codes), 10)
        self.call("AccountService_RemoveSecondFactor", body={"password": Server.PASSWORD})

    def sign_in_elsewhere(self):
        """By a real provider of OpenID Connect; afterwards the story goes on as the administrator."""
        provider = Process("oidc_provider.mjs", PACKAGE, REDIRECT)
        self.addCleanup(provider.close)
        facts, own = provider.facts["rs"], self.call("SessionService_GetSession")
        update, headers = "SessionService_UpdateIdentityProvider", self.headers
        self.refuse("SessionService_StartExternalLogin", 400, body={"redirectUri": REDIRECT})
        self.refuse(update, 400, body={"enabled": True, "issuer": "http://elsewhere.example"})
        self.call(update, body={"enabled": True, "name": "Contoso", "issuer": facts["issuer"],
                                "clientId": facts["client_id"], "clientSecret": facts["client_secret"],
                                "mappings": [{"value": "*", "enterpriseId": own["enterpriseId"],
                                              "groupId": own["groupId"], "groupAdministrator": True}]})
        self.assertTrue(self.call("SessionService_GetIdentityProvider")["hasClientSecret"])
        self.assertEqual(self.call("SessionService_GetSignInOptions")["externalName"], "Contoso")
        self.refuse("SessionService_GetSignInOptions", 400, "UNKNOWN_PARAMETER", query={"page": 1})
        begun = self.call("SessionService_StartExternalLogin", body={"redirectUri": REDIRECT})
        back = Browser().sign_in(begun["authorizationUri"], "kim")
        finish = {"state": back["state"], "code": back["code"], "binding": begun["binding"]}
        self.refuse("SessionService_FinishExternalLogin", 401, body={**finish, "binding": "another"})
        begun = self.call("SessionService_StartExternalLogin", body={"redirectUri": REDIRECT})
        back = Browser().sign_in(begun["authorizationUri"], "kim")
        self.call("SessionService_FinishExternalLogin",
                  body={"state": back["state"], "code": back["code"], "binding": begun["binding"]})
        self.assertEqual(self.call("SessionService_GetSession")["displayName"], "Kim Example")
        self.headers = headers
