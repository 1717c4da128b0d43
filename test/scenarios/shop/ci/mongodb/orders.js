db.getSiblingDB('orders').orders.insertOne({ _id: 'order-1' });
