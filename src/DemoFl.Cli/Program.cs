System.Console.WriteLine("demofl");
